namespace Sip.Stack.Messages;

/// <summary>
/// Where everything stands in a message: an index over the caller's bytes, which it neither copies nor keeps. One
/// instance is used again and again by one thread; after the first messages it allocates nothing.
/// </summary>
/// <remarks>
/// Room 2. Two passes over the bytes, both vectorised: one for line ends, one for colons. The index sees to the shape
/// of lines, to limits, to header fields that must stand once, and to Content-Length; whether values make sense is
/// <see cref="SipMessageReader"/>'s job. It goes on behind a fault as far as it can, so that a malformed request can
/// still be answered; the outcome is the first fault.
/// </remarks>
public sealed partial class SipMessageIndex
{
    private HeaderEntry[] _entries = new HeaderEntry[64];
    private int _count;
    private ulong _seen;
    private SipParseOutcome _outcome;

    /// <summary>True for a request, also for one with a bad start line; false for what begins with "SIP/".</summary>
    public bool IsRequest { get; private set; }

    /// <summary>100 to 699; 0 for a request.</summary>
    public int StatusCode { get; private set; }

    /// <summary>The method of a request, as bytes.</summary>
    public ByteRange Method { get; private set; }

    /// <summary>The Request-URI as it was sent.</summary>
    public ByteRange RequestUri { get; private set; }

    /// <summary>The reason phrase of a response, maybe empty.</summary>
    public ByteRange ReasonPhrase { get; private set; }

    /// <summary>Lines of header fields that could be read.</summary>
    public int HeaderCount => _count;

    /// <summary>The offset of the start line: behind line ends that were sent ahead (RFC 3261 7.5).</summary>
    public int Start { get; private set; }

    /// <summary>The offset of the body.</summary>
    public int BodyStart { get; private set; }

    /// <summary>
    /// The length of the body: by Content-Length, or the rest of the datagram without one (RFC 3261 18.3).
    /// </summary>
    public int BodyLength { get; private set; }

    /// <summary>One header field line, in the order sent.</summary>
    public ref readonly HeaderEntry this[int index] => ref _entries.AsSpan(0, _count)[index];

    /// <summary>All lines, in the order sent.</summary>
    public ReadOnlySpan<HeaderEntry> Headers => _entries.AsSpan(0, _count);

    /// <summary>True when there is a line with this name.</summary>
    public bool Contains(SipHeaderName name) => (_seen & Bit(name)) != 0;

    /// <summary>The first line with this name at or behind <paramref name="from"/>; -1 when there is none.</summary>
    public int FindFirst(SipHeaderName name, int from = 0)
    {
        if (!Contains(name))
        {
            return -1;
        }

        for (var i = from; i < _count; i++)
        {
            if (_entries[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Indexes one message.</summary>
    /// <param name="message">
    /// A whole datagram, or one frame of a stream. What follows the body of a datagram is left out (RFC 3261 18.3).
    /// </param>
    /// <param name="limits">What is too much.</param>
    /// <returns><see cref="SipParseOutcome.Ok"/>, or the first fault.</returns>
    public SipParseOutcome Parse(ReadOnlySpan<byte> message, SipParseLimits limits)
    {
        _count = 0;
        _seen = 0;
        _outcome = SipParseOutcome.Ok;
        StatusCode = 0;
        Method = RequestUri = ReasonPhrase = default;
        IsRequest = true;
        Start = LeadingLineEnds(message);
        BodyStart = message.Length;
        BodyLength = 0;
        if (Start == message.Length)
        {
            return SipParseOutcome.KeepAlive;
        }

        var at = ParseStartLine(message, limits);
        if (at >= 0 && ParseHeaders(message, at, limits))
        {
            FrameBody(message);
        }

        CheckPresence();
        return _outcome;
    }

    internal static int LeadingLineEnds(ReadOnlySpan<byte> message)
    {
        var at = 0;
        while (at + 1 < message.Length && message[at] == '\r' && message[at + 1] == '\n')
        {
            at += 2;
        }

        return at;
    }

    private static ulong Bit(SipHeaderName name) => 1UL << (int)name;

    private void Note(SipParseOutcome outcome)
    {
        if (_outcome == SipParseOutcome.Ok)
        {
            _outcome = outcome;
        }
    }

    /// <returns>True when the empty line behind the header fields was reached.</returns>
    private bool ParseHeaders(ReadOnlySpan<byte> message, int at, SipParseLimits limits)
    {
        var headEnd = Math.Min(message.Length, Start + limits.HeadBytesMax);
        while (true)
        {
            if (at + 1 < message.Length && message[at] == '\r' && message[at + 1] == '\n')
            {
                BodyStart = at + 2;
                return true;
            }

            var end = FindLineEnd(message, at, out var isFolded, out var fault);
            if (end < 0 || end > headEnd)
            {
                Note(message.Length > headEnd ? SipParseOutcome.HeadTooLarge : SipParseOutcome.HeadNotTerminated);
                return false;
            }

            if (fault != SipParseOutcome.Ok)
            {
                Note(fault);
            }
            else if (_count == limits.HeaderCountMax)
            {
                Note(SipParseOutcome.TooManyHeaders);
                return false;
            }
            else
            {
                AddLine(message, at, end, isFolded);
            }

            at = end + 2;
        }
    }

    /// <returns>The offset of the CR LF that ends the (maybe folded) line; -1 when there is none.</returns>
    private static int FindLineEnd(ReadOnlySpan<byte> message, int start, out bool isFolded, out SipParseOutcome fault)
    {
        isFolded = false;
        fault = SipParseOutcome.Ok;
        var at = start;
        while (true)
        {
            var found = message[at..].IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
            if (found < 0)
            {
                return -1;
            }

            at += found;
            if (message[at] == '\r' && at + 1 < message.Length && message[at + 1] == '\n')
            {
                if (at + 2 >= message.Length || message[at + 2] is not ((byte)' ' or (byte)'\t'))
                {
                    return at;
                }

                isFolded = true;
                at += 3;
                continue;
            }

            // A quoted pair may hold NUL, but neither CR nor LF (RFC 3261 25.1).
            if (message[at] != 0)
            {
                fault = SipParseOutcome.BadLineEnd;
            }
            else if (at == start || message[at - 1] != '\\')
            {
                fault = SipParseOutcome.BadCharacter;
            }

            at++;
        }
    }

    private void AddLine(ReadOnlySpan<byte> message, int start, int end, bool isFolded)
    {
        var line = message[start..end];
        var colon = line.IndexOf((byte)':');
        var nameLength = colon;
        while (nameLength > 0 && line[nameLength - 1] is (byte)' ' or (byte)'\t')
        {
            nameLength--;
        }

        if (nameLength <= 0)
        {
            Note(SipParseOutcome.BadHeaderLine);
            return;
        }

        var name = SipHeaderNames.Find(line[..nameLength]);
        if (name == SipHeaderName.Unknown && !SipLexer.IsToken(line[..nameLength]))
        {
            Note(SipParseOutcome.BadHeaderLine);
            return;
        }

        var valueStart = colon + 1;
        while (valueStart < line.Length && SipLexer.IsWhite(line[valueStart]))
        {
            valueStart++;
        }

        var valueEnd = line.Length;
        while (valueEnd > valueStart && SipLexer.IsWhite(line[valueEnd - 1]))
        {
            valueEnd--;
        }

        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _entries.Length * 2);
        }

        _entries[_count++] = new HeaderEntry(
            name,
            new ByteRange(start, nameLength),
            new ByteRange(start + valueStart, valueEnd - valueStart),
            isFolded);
        NoteRepeated(name);
        _seen |= Bit(name);
    }
}
