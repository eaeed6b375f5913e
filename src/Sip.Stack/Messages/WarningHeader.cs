using System.Globalization;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>One Warning value (RFC 3261 20.43): <c>399 host "text"</c>.</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Agent">Who says so: a host, or a pseudonym.</param>
/// <param name="Text">What is wrong, without quotes.</param>
public sealed record WarningHeader(int Code, string Agent, string Text)
{
    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out WarningHeader? warning)
    {
        warning = null;
        var first = value.IndexOf((byte)' ');
        if (first != 3 || !SipLexer.TryReadNumber(value[..3], out var code, out _))
        {
            return false;
        }

        var rest = SipLexer.TrimStart(value[first..]);
        var quote = rest.IndexOf((byte)'"');
        if (quote <= 1 || !SipLexer.IsWhite(rest[quote - 1])
            || SipLexer.QuotedLength(rest[quote..]) != rest.Length - quote)
        {
            return false;
        }

        warning = new WarningHeader(
            (int)code,
            Encoding.UTF8.GetString(SipLexer.Trim(rest[..quote])),
            SipQuoting.Unquote(Encoding.UTF8.GetString(rest[quote..]))!);
        return true;
    }

    /// <summary>The value as it is written in a message.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Code} {Agent} {SipQuoting.Quote(Text)}");
}
