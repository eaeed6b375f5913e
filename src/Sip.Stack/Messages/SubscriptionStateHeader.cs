using System.Text;

namespace Sip.Stack.Messages;

/// <summary>Subscription-State of a NOTIFY (RFC 6665 8.2.3).</summary>
/// <param name="State">Lower case: "active", "pending", "terminated" or another.</param>
/// <param name="Parameters">expires, reason, retry-after and others.</param>
public sealed record SubscriptionStateHeader(string State, SipParameters Parameters)
{
    /// <summary>Seconds that are left; null without.</summary>
    public uint? Expires => SipNumbers.Read(Parameters["expires"]);

    /// <summary>Why it ended, lower case; null without.</summary>
    public string? Reason => Parameters["reason"]?.ToLowerInvariant();

    /// <summary>Seconds after which to subscribe again; null without.</summary>
    public uint? RetryAfter => SipNumbers.Read(Parameters["retry-after"]);

    /// <summary>The subscription is over.</summary>
    public bool IsTerminated => State == "terminated";

    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out SubscriptionStateHeader? header)
    {
        var isRead = SipLexer.TryReadTokenAndParameters(value, out var token, out var parameters);
        header = isRead
            ? new SubscriptionStateHeader(
                Encoding.ASCII.GetString(token).ToLowerInvariant(), SipParameters.OfHeader(parameters))
            : null;
        return isRead;
    }
}
