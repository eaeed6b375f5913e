namespace Sip.Stack.Messages;

/// <summary>A response.</summary>
public sealed class SipResponse : SipMessage
{
    internal SipResponse(ReadOnlySpan<byte> message, SipMessageIndex index)
        : base(message, index, isMalformed: false)
    {
        StatusCode = index.StatusCode;
        ReasonPhrase = TextOf(index.ReasonPhrase, index.Start);
    }

    /// <summary>100 to 699.</summary>
    public int StatusCode { get; }

    /// <summary>The reason phrase as it was sent, maybe empty.</summary>
    public string ReasonPhrase { get; }

    /// <summary>Below 200.</summary>
    public bool IsProvisional => StatusCode < 200;

    /// <summary>200 to 299.</summary>
    public bool IsSuccess => StatusCode is >= 200 and < 300;
}
