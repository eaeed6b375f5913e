namespace Sip.Stack.Messages;

/// <summary>A request.</summary>
public sealed class SipRequest : SipMessage
{
    internal SipRequest(ReadOnlySpan<byte> message, SipMessageIndex index, bool isMalformed = false)
        : base(message, index, isMalformed)
    {
        Method = SipMethods.Find(index.Method.Of(message));
        MethodName = Method == SipMethod.Unknown ? TextOf(index.Method, index.Start) : SipMethods.Text(Method);
        RequestUriText = TextOf(index.RequestUri, index.Start);
        RequestUri = SipUri.TryParse(index.RequestUri.Of(message), out var uri) ? uri : null;
    }

    /// <summary>The method; <see cref="SipMethod.Unknown"/> for one that the stack does not know.</summary>
    public SipMethod Method { get; }

    /// <summary>The method as it was sent.</summary>
    public string MethodName { get; }

    /// <summary>The Request-URI. Null only on a malformed request; a scheme that nobody knows is no fault.</summary>
    public SipUri? RequestUri { get; }

    /// <summary>The Request-URI as it was sent.</summary>
    public string RequestUriText { get; }
}
