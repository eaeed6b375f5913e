using System.Buffers;
using System.Globalization;

namespace Conference.Protocol.Xml;

/// <summary>Puts notifications together from events that are encoded already.</summary>
/// <remarks>On the path to the fan-out: one copy of each byte, no XML is built (room 10).</remarks>
public static class NotificationWriter
{
    private const int DigitsMax = 19;

    /// <summary>Bytes of everything but the fragments, at most, whatever the revisions are.</summary>
    public static int OverheadBytes(ConferenceUri conference) =>
        Head.Length + EscapedLengthMax(conference.Value) + From.Length + To.Length + (2 * DigitsMax) + HeadEnd.Length
        + Tail.Length;

    /// <summary>Writes one notification. Concatenates; builds no XML.</summary>
    /// <param name="output">The bytes are appended to it.</param>
    /// <param name="conference">Which conference.</param>
    /// <param name="from">First revision of the range, see <see cref="Notifications.Notification"/>.</param>
    /// <param name="to">Last revision of the range.</param>
    /// <param name="fragments">From <see cref="EventWriter.WriteFragment"/>, in order of revision.</param>
    public static void Write(
        IBufferWriter<byte> output, ConferenceUri conference, long from, long to,
        ReadOnlySpan<ReadOnlyMemory<byte>> fragments)
    {
        output.Write(Head);
        WriteEscaped(output, conference.Value);
        output.Write(From);
        WriteNumber(output, from);
        output.Write(To);
        WriteNumber(output, to);
        output.Write(HeadEnd);
        foreach (var fragment in fragments) output.Write(fragment.Span);
        output.Write(Tail);
    }

    private static ReadOnlySpan<byte> Head =>
        "<notification xmlns=\"urn:ims-conference:sharing:1\" conference=\""u8;

    private static ReadOnlySpan<byte> From => "\" from=\""u8;

    private static ReadOnlySpan<byte> To => "\" to=\""u8;

    private static ReadOnlySpan<byte> HeadEnd => "\">"u8;

    private static ReadOnlySpan<byte> Tail => "</notification>"u8;

    /// <summary>A URI in canonical form is ASCII without quotes and angle brackets; only the ampersand is special.
    /// </summary>
    private static void WriteEscaped(IBufferWriter<byte> output, string uri)
    {
        var span = output.GetSpan(EscapedLengthMax(uri));
        var count = 0;
        foreach (var c in uri)
        {
            if (c == '&')
            {
                "&amp;"u8.CopyTo(span[count..]);
                count += 5;
            }
            else
            {
                span[count++] = (byte)c;
            }
        }

        output.Advance(count);
    }

    private static int EscapedLengthMax(string uri) => uri.Length + (4 * uri.AsSpan().Count('&'));

    private static void WriteNumber(IBufferWriter<byte> output, long number)
    {
        number.TryFormat(output.GetSpan(DigitsMax + 1), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }
}
