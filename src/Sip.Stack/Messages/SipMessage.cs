using System.Text;

namespace Sip.Stack.Messages;

/// <summary>
/// A request or response with its own copy of the bytes. Immutable: any thread may read it. Header fields are read on
/// demand, the costly ones once; nothing here throws on what came from outside.
/// </summary>
/// <remarks>
/// In the copy the CR and LF of folds are spaces (RFC 3261 7.3.1 says they mean the same), so no value holds a line
/// end. What <see cref="SipMessageReader"/> has validated is not null on a message that it gave out as good: TopVia,
/// From, To, CallId and CSeq. On a malformed request, given out to be refused, each of them may be.
/// </remarks>
public abstract partial class SipMessage
{
    private readonly byte[] _bytes;
    private readonly int _bodyStart;

    private protected SipMessage(ReadOnlySpan<byte> message, SipMessageIndex index, bool isMalformed)
    {
        // Behind the body of a datagram there may be more, which nobody is to see (RFC 3261 18.3).
        _bytes = message[index.Start..(index.BodyStart + index.BodyLength)].ToArray();
        _bodyStart = index.BodyStart - index.Start;
        IsMalformed = isMalformed;
        var entries = new HeaderEntry[index.HeaderCount];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = index[i];
            entries[i] = entry with
            {
                NameText = entry.NameText with { Start = entry.NameText.Start - index.Start },
                Value = entry.Value with { Start = entry.Value.Start - index.Start },
            };
            if (entry.IsFolded)
            {
                var value = _bytes.AsSpan(entries[i].Value.Start, entry.Value.Length);
                value.Replace((byte)'\r', (byte)' ');
                value.Replace((byte)'\n', (byte)' ');
            }
        }

        Headers = new SipHeaders(_bytes, entries);
    }

    /// <summary>The message from start line to the end of its body.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The body, maybe empty.</summary>
    public ReadOnlyMemory<byte> Body => _bytes.AsMemory(_bodyStart);

    /// <summary>The header fields.</summary>
    public SipHeaders Headers { get; }

    /// <summary>True for a request that was read only to be refused; see <see cref="SipMessageReader"/>.</summary>
    public bool IsMalformed { get; }

    /// <summary>Reads the first value of a header field once and keeps what came of it, null included.</summary>
    private protected T? Once<T>(ref object? slot, SipHeaderName name, ValueReader<T> read)
        where T : class
    {
        if (slot is null)
        {
            slot = Headers.TryGetFirst(name, out var value) && read(value, out var made) ? made : Absent;
        }

        return slot as T;
    }

    /// <summary>Reads all values of a header field once; malformed ones are left out.</summary>
    private protected IReadOnlyList<T> ListOnce<T>(ref IReadOnlyList<T>? slot, SipHeaderName name, ValueReader<T> read)
        where T : class
    {
        if (slot is not null)
        {
            return slot;
        }

        List<T>? found = null;
        foreach (var value in Headers.Values(name))
        {
            if (read(value, out var made))
            {
                (found ??= []).Add(made!);
            }
        }

        return slot = found is null ? Array.Empty<T>() : found;
    }

    /// <summary>Reads all lines of a header field once, each a value: for values that hold commas.</summary>
    private protected IReadOnlyList<T> LinesOnce<T>(ref IReadOnlyList<T>? slot, SipHeaderName name, ValueReader<T> read)
        where T : class
    {
        if (slot is not null)
        {
            return slot;
        }

        List<T>? found = null;
        for (var i = Headers.FindFirst(name); i >= 0; i = Headers.FindFirst(name, i + 1))
        {
            if (read(Headers[i].Value, out var made))
            {
                (found ??= []).Add(made!);
            }
        }

        return slot = found is null ? Array.Empty<T>() : found;
    }

    private protected uint? ReadNumber(SipHeaderName name) =>
        Headers.TryGetFirst(name, out var value) && SipLexer.TryReadNumber(value, out var number, out _)
            ? number
            : null;

    /// <summary>Text of the start line. A part that was not found has no place, so it is not looked up.</summary>
    private protected string TextOf(ByteRange range, int start) =>
        range.Length == 0 ? "" : Encoding.UTF8.GetString(_bytes, range.Start - start, range.Length);

    private protected delegate bool ValueReader<T>(ReadOnlySpan<byte> value, out T? made)
        where T : class;

    private static readonly object Absent = new();
}
