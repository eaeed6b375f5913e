using System.Globalization;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>CSeq: a number and a method (RFC 3261 20.16).</summary>
/// <param name="Number">0 to 2^32-1; RFC 3261 8.1.1.5 asks senders to stay below 2^31.</param>
/// <param name="Method">The method, if it is known.</param>
/// <param name="MethodName">The method as it was sent.</param>
public readonly record struct CSeqHeader(uint Number, SipMethod Method, string MethodName)
{
    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out CSeqHeader cseq)
    {
        cseq = default;
        if (!TryCut(value, out var number, out var text))
        {
            return false;
        }

        var method = SipMethods.Find(text);
        cseq = new CSeqHeader(
            number, method, method == SipMethod.Unknown ? Encoding.ASCII.GetString(text) : SipMethods.Text(method));
        return true;
    }

    /// <summary>The value as it is written in a message.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Number} {MethodName}");

    internal static bool TryCut(ReadOnlySpan<byte> value, out uint number, out ReadOnlySpan<byte> method)
    {
        number = 0;
        method = default;
        var white = value.IndexOfAny(SipLexer.White);
        if (white <= 0)
        {
            return false;
        }

        method = SipLexer.Trim(value[white..]);
        return SipLexer.TryReadNumber(value[..white], out number, out var isOverflow) && !isOverflow
            && SipLexer.IsToken(method);
    }
}
