using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Load.Floor;

/// <summary>Requests rendered beforehand, all of one length, one behind the other; only numbers are written into them.
/// </summary>
internal sealed class FloorMessages
{
    private const string Mark = "pb1;seq=00000000;";

    private readonly byte[] _buffer;
    private readonly int _nameAt;
    private readonly int _branchAt;
    private readonly int _numberAt;

    /// <param name="bytesEach">Length of a request, head and body.</param>
    internal FloorMessages(string transport, int bytesEach, int batch)
    {
        var bodyBytes = bytesEach - Head(transport, 0).Length;
        if (bodyBytes < Mark.Length) throw new FormatException($"{bytesEach} bytes are too few for a MESSAGE.");
        byte[] message = [.. Head(transport, bodyBytes), .. Encoding.ASCII.GetBytes(Mark.PadRight(bodyBytes, 'x'))];
        BytesEach = bytesEach;
        _nameAt = message.AsSpan().IndexOf("+4917"u8) + 5;
        _branchAt = message.AsSpan().IndexOf("z9hG4bKfloor"u8) + 12;
        _numberAt = message.AsSpan().IndexOf("seq="u8) + 4;
        _buffer = [.. Enumerable.Repeat(message, batch).SelectMany(bytes => bytes)];
    }

    internal int BytesEach { get; }

    /// <summary>Makes the next ones: event after event, in each of them one for every member.</summary>
    internal ReadOnlySpan<byte> Next(long first, int count, int members)
    {
        for (var i = 0; i < count; i++)
        {
            var message = _buffer.AsSpan(i * BytesEach, BytesEach);
            var (number, member) = Math.DivRem(first + i, members);
            Write(message.Slice(_nameAt, 8), member + 1);
            Write(message.Slice(_branchAt, 10), first + i);
            Write(message.Slice(_numberAt, 8), number);
        }

        return _buffer.AsSpan(0, count * BytesEach);
    }

    private static byte[] Head(string transport, int bodyBytes) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"MESSAGE sip:+491700000000@conf.example SIP/2.0\r\n"
        + $"Via: SIP/2.0/{transport} 127.0.0.1:5060;branch=z9hG4bKfloor0000000000\r\nMax-Forwards: 70\r\n"
        + $"From: <{Driver.Conference}>;tag=floor\r\nTo: <sip:member@conf.example>\r\nCall-ID: floor@127.0.0.1\r\n"
        + $"CSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: {bodyBytes:D5}\r\n\r\n"));

    private static void Write(Span<byte> digits, long value)
    {
        // As many digits as there is room for, with leading zeros.
        if (!Utf8Formatter.TryFormat(value, digits, out _, new('D', (byte)digits.Length)))
            throw new InvalidOperationException($"{value} has more than {digits.Length} digits.");
    }
}
