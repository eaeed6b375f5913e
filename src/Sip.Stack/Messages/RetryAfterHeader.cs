namespace Sip.Stack.Messages;

/// <summary>Retry-After (RFC 3261 20.33): <c>18000;duration=3600</c> or <c>120 (I am in a meeting)</c>.</summary>
/// <param name="Seconds">Seconds to wait; a number beyond 2^32-1 is 2^32-1.</param>
/// <param name="DurationSeconds">How long the sender can be reached from then on; null without.</param>
public sealed record RetryAfterHeader(uint Seconds, uint? DurationSeconds)
{
    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out RetryAfterHeader? header)
    {
        header = null;
        var digits = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (!SipLexer.TryReadNumber(digits < 0 ? value : value[..digits], out var seconds, out _))
        {
            return false;
        }

        var rest = digits < 0 ? default : SipLexer.TrimStart(value[digits..]);
        if (!rest.IsEmpty && rest[0] is not ((byte)';' or (byte)'('))
        {
            return false;
        }

        // A comment may hold anything; parameters stand behind its last bracket.
        var close = rest.LastIndexOf((byte)')');
        var parameters = SipParameters.OfHeader(SipLexer.TrimStart(rest[(close + 1)..]));
        header = new RetryAfterHeader(seconds, SipNumbers.Read(parameters["duration"]));
        return true;
    }
}
