using System.Diagnostics;
using System.Text;

namespace Sip.Stack.Transport;

/// <summary>What a datagram looks like before anything is done with it.</summary>
internal enum DatagramKind : byte
{
    /// <summary>Nothing but line ends (RFC 5626 3.5.1), or nothing at all.</summary>
    KeepAlive,

    /// <summary>Has the start line of a request, maybe a bad one that deserves its answer.</summary>
    Request,

    /// <summary>Begins as a response does. Nothing of the kind is ever answered.</summary>
    Response,

    /// <summary>A STUN message (RFC 8489): a client that looks for its address, or ICE that went astray.</summary>
    Stun,

    /// <summary>Begins with what no token may hold.</summary>
    Binary,

    /// <summary>Text that is no SIP: no line end, or no version in the first line.</summary>
    NotSip,
}

/// <summary>Tells kinds of datagrams apart, for as little as can be: garbage is told from SIP before the table of
/// peers, the parser or a log is touched, and is never answered.</summary>
internal static class DatagramKinds
{
    // RFC 8489 5: behind type and length.
    private static ReadOnlySpan<byte> StunCookie => [0x21, 0x12, 0xA4, 0x42];

    /// <summary>Looks at one datagram.</summary>
    /// <param name="datagram">The whole of it.</param>
    /// <param name="message">Without line ends ahead of the start line (RFC 3261 7.5).</param>
    internal static DatagramKind Read(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> message)
    {
        message = datagram.TrimStart("\r\n"u8);
        if (message.IsEmpty) return DatagramKind.KeepAlive;

        // RFC 3261 25.1: a method or SIP/2.0 begins with a token character.
        if (message[0] is <= 0x20 or >= 0x7f)
        {
            return message[0] < 4 && message.Length >= 20 && message[4..8].SequenceEqual(StunCookie)
                ? DatagramKind.Stun
                : DatagramKind.Binary;
        }

        if (BeginsWithVersion(message)) return DatagramKind.Response;

        // Without a line end there is no Via, so nothing that could be answered.
        var end = message.IndexOf("\r\n"u8);
        return end > 0 && HasVersion(message[..end]) ? DatagramKind.Request : DatagramKind.NotSip;
    }

    /// <summary>The label of what is counted as malformed; null for what is not.</summary>
    internal static string? Fault(DatagramKind kind) => kind switch
    {
        DatagramKind.KeepAlive or DatagramKind.Request or DatagramKind.Response => null,
        DatagramKind.Stun => "stun",
        DatagramKind.Binary => "garbage",
        DatagramKind.NotSip => "not_sip",
        _ => throw new UnreachableException($"No label for {kind}"),
    };

    // Method SP Request-URI SP SIP-Version (RFC 3261 7.1). A version of the future, or one with something behind it, is
    // for the parser to refuse by its name.
    private static bool HasVersion(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf(" SIP/"u8) > 0) return true;
        var trimmed = line.TrimEnd((byte)' ');
        return BeginsWithVersion(trimmed[(trimmed.LastIndexOf((byte)' ') + 1)..]); // The word is without case.
    }

    private static bool BeginsWithVersion(ReadOnlySpan<byte> text) =>
        text.Length >= 4 && text[3] == '/' && Ascii.EqualsIgnoreCase(text[..4], "SIP/"u8);
}
