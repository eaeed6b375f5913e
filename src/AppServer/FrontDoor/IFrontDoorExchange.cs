using Sip.Stack;
using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace AppServer.FrontDoor;

/// <summary>A request and the one way to answer it, as the front door sees it.</summary>
public interface IFrontDoorExchange
{
    /// <summary>The request.</summary>
    SipRequest Request { get; }

    /// <summary>Where it came from.</summary>
    SipPeer Peer { get; }

    /// <summary>Whether the same request is being handled under another branch (RFC 3261 8.2.2.2).</summary>
    bool IsMerged { get; }

    /// <summary>Whether a final response was given.</summary>
    bool IsAnswered { get; }

    /// <summary>Fires when the stack stops.</summary>
    CancellationToken Cancelled { get; }

    /// <summary>Sends a response. The To tag is added.</summary>
    void Respond(SipResponseBuilder response);
}

/// <summary>An exchange of the SIP stack.</summary>
internal sealed class StackExchange(SipServerExchange exchange) : IFrontDoorExchange
{
    /// <inheritdoc/>
    public SipRequest Request => exchange.Request;

    /// <inheritdoc/>
    public SipPeer Peer => exchange.Peer;

    /// <inheritdoc/>
    public bool IsMerged => exchange.IsMerged;

    /// <inheritdoc/>
    public bool IsAnswered => exchange.IsAnswered;

    /// <inheritdoc/>
    public CancellationToken Cancelled => exchange.Cancelled;

    /// <inheritdoc/>
    public void Respond(SipResponseBuilder response) => exchange.Respond(response);
}
