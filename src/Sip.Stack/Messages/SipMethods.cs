using System.Text;

namespace Sip.Stack.Messages;

/// <summary>Names of methods. A method is case-sensitive (RFC 3261 7.1): "invite" is not INVITE.</summary>
public static class SipMethods
{
    private static readonly string[] Texts =
        [.. Enum.GetValues<SipMethod>().Select(m => m == SipMethod.Unknown ? "" : m.ToString().ToUpperInvariant())];

    private static readonly byte[][] Utf8 = [.. Texts.Select(Encoding.ASCII.GetBytes)];

    /// <summary>The method as it is written; "" for <see cref="SipMethod.Unknown"/>.</summary>
    public static string Text(SipMethod method) => Texts[(int)method];

    /// <summary>Finds a method by its bytes; <see cref="SipMethod.Unknown"/> when it is none of ours.</summary>
    public static SipMethod Find(ReadOnlySpan<byte> method)
    {
        if (method.Length is < 3 or > 9)
        {
            return SipMethod.Unknown;
        }

        for (var i = 1; i < Utf8.Length; i++)
        {
            if (method[0] == Utf8[i][0] && method.SequenceEqual(Utf8[i]))
            {
                return (SipMethod)i;
            }
        }

        return SipMethod.Unknown;
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    public static SipMethod Find(string method)
    {
        var index = Array.IndexOf(Texts, method, 1);
        return index < 0 ? SipMethod.Unknown : (SipMethod)index;
    }
}
