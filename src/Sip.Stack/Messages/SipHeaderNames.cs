using System.Buffers;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>Turns header field names from bytes into <see cref="SipHeaderName"/> and back.</summary>
public static class SipHeaderNames
{
    private const int TableSize = 256;

    private static readonly string[] Texts = BuildTexts();
    private static readonly byte[][] Utf8 = [.. Texts.Select(Encoding.ASCII.GetBytes)];
    private static readonly SipHeaderName[] Table = BuildTable();

    // RFC 3261 7.3.3 and the registrations of RFC 3515, 3892, 4028, 6665; indexed by letter.
    private static readonly SipHeaderName[] Compact = BuildCompact();

    /// <summary>The number of values of <see cref="SipHeaderName"/>.</summary>
    public static int Count => Texts.Length;

    /// <summary>The name as it is written in full, "Call-ID"; "" for <see cref="SipHeaderName.Unknown"/>.</summary>
    public static string Text(SipHeaderName name) => Texts[(int)name];

    /// <summary>The same as <see cref="Text"/>, as bytes to be written.</summary>
    public static ReadOnlySpan<byte> Bytes(SipHeaderName name) => Utf8[(int)name];

    /// <summary>
    /// Finds a name in any case, in full or in its compact form. Names compare as RFC 3261 7.3.1 asks.
    /// </summary>
    /// <param name="name">The name alone: no white space, no colon.</param>
    /// <returns><see cref="SipHeaderName.Unknown"/> when the stack has no name for it.</returns>
    public static SipHeaderName Find(ReadOnlySpan<byte> name)
    {
        if (name.Length <= 1)
        {
            return name.Length == 1 ? FindCompact(name[0]) : SipHeaderName.Unknown;
        }

        for (var slot = Hash(name); Table[slot] != SipHeaderName.Unknown; slot = (slot + 1) % TableSize)
        {
            if (Ascii.EqualsIgnoreCase(name, Utf8[(int)Table[slot]]))
            {
                return Table[slot];
            }
        }

        return SipHeaderName.Unknown;
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    public static SipHeaderName Find(string name)
    {
        Span<byte> bytes = stackalloc byte[32];
        return name.Length <= bytes.Length && Ascii.FromUtf16(name, bytes, out var written) == OperationStatus.Done
            ? Find(bytes[..written])
            : SipHeaderName.Unknown;
    }

    private static SipHeaderName FindCompact(byte letter)
    {
        var index = (letter | 0x20) - 'a';
        return (uint)index < (uint)Compact.Length ? Compact[index] : SipHeaderName.Unknown;
    }

    // Length, two ends and one letter inside tell all known names apart but for a few, which probe once more.
    private static int Hash(ReadOnlySpan<byte> name) =>
        ((name.Length * 17) + (Lower(name[0]) * 3) + (Lower(name[^1]) * 7) + (Lower(name[name.Length / 2]) * 31))
        % TableSize;

    private static int Lower(byte letter) => letter | 0x20;

    private static SipHeaderName[] BuildTable()
    {
        var table = new SipHeaderName[TableSize];
        for (var i = 1; i < Utf8.Length; i++)
        {
            var slot = Hash(Utf8[i]);
            while (table[slot] != SipHeaderName.Unknown)
            {
                slot = (slot + 1) % TableSize;
            }

            table[slot] = (SipHeaderName)i;
        }

        return table;
    }

    private static SipHeaderName[] BuildCompact()
    {
        var table = new SipHeaderName[26];
        void Set(char letter, SipHeaderName name) => table[letter - 'a'] = name;
        Set('v', SipHeaderName.Via);
        Set('f', SipHeaderName.From);
        Set('t', SipHeaderName.To);
        Set('i', SipHeaderName.CallId);
        Set('m', SipHeaderName.Contact);
        Set('l', SipHeaderName.ContentLength);
        Set('c', SipHeaderName.ContentType);
        Set('e', SipHeaderName.ContentEncoding);
        Set('k', SipHeaderName.Supported);
        Set('s', SipHeaderName.Subject);
        Set('o', SipHeaderName.Event);
        Set('u', SipHeaderName.AllowEvents);
        Set('r', SipHeaderName.ReferTo);
        Set('b', SipHeaderName.ReferredBy);
        Set('x', SipHeaderName.SessionExpires);
        return table;
    }

    private static string[] BuildTexts()
    {
        var names = Enum.GetValues<SipHeaderName>();
        var texts = new string[names.Length];
        foreach (var name in names)
        {
            texts[(int)name] = name switch
            {
                SipHeaderName.Unknown => "",
                SipHeaderName.CallId => "Call-ID",
                SipHeaderName.CSeq => "CSeq",
                SipHeaderName.WwwAuthenticate => "WWW-Authenticate",
                SipHeaderName.PAssociatedUri => "P-Associated-URI",
                SipHeaderName.PVisitedNetworkId => "P-Visited-Network-ID",
                SipHeaderName.MinSe => "Min-SE",
                SipHeaderName.RAck => "RAck",
                SipHeaderName.RSeq => "RSeq",
                SipHeaderName.MimeVersion => "MIME-Version",
                SipHeaderName.SessionId => "Session-ID",
                _ => Hyphenate(name.ToString()),
            };
        }

        return texts;
    }

    private static string Hyphenate(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]))
            {
                text.Append('-');
            }

            text.Append(name[i]);
        }

        return text.ToString();
    }
}
