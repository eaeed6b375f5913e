using Sip.Stack;
using Sip.Stack.Messages;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace AppServer.FrontDoor;

/// <summary>What the SIP stack knows of this server: closed until the rest stands behind it.</summary>
/// <remarks>The stack must exist before the links that send through it, those before the actors, and those before the
/// front door: this takes the front door's place until it is there.</remarks>
public sealed class SipEntry : ISipRequestHandler
{
    private volatile FrontDoorHandler? _frontDoor;

    /// <summary>From now on requests go through.</summary>
    public void Open(FrontDoorHandler frontDoor) => _frontDoor = frontDoor;

    /// <inheritdoc/>
    public StatelessRefusal? Admit(SipRequest request, in SipPeer peer, RequestMark mark) =>
        _frontDoor?.Admit(request, peer, mark);

    /// <inheritdoc/>
    public ValueTask HandleAsync(SipServerExchange exchange)
    {
        if (_frontDoor is { } frontDoor) return frontDoor.HandleAsync(new StackExchange(exchange));
        exchange.Respond(503);
        return ValueTask.CompletedTask;
    }
}
