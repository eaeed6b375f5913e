namespace Sip.Stack.Messages;

/// <summary>What a look at the bytes of a stream came to.</summary>
public enum SipFrameKind : byte
{
    /// <summary>No whole message yet: come back with more bytes behind the same ones.</summary>
    NeedMore,

    /// <summary>A whole message.</summary>
    Frame,

    /// <summary>Line ends between messages (RFC 5626 3.5.1).</summary>
    KeepAlive,

    /// <summary>There is no telling where the next message begins: refuse if possible, then close.</summary>
    Bad,
}

/// <summary>The outcome of <see cref="SipFrameReader.TryReadFrame"/>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">
/// Frame and KeepAlive: bytes to take off the buffer. Bad: bytes of the head, for
/// <see cref="SipMessageReader.TryReadForRefusal"/>; 0 when not even the head could be found.
/// NeedMore: bytes that the whole message will have, 0 while that is unknown.
/// </param>
/// <param name="IsPing">KeepAlive: two CR LF, to be answered with one CR LF.</param>
/// <param name="Outcome">Bad: what is wrong.</param>
public readonly record struct FrameResult(SipFrameKind Kind, int Length, bool IsPing, SipParseOutcome Outcome);

/// <summary>
/// Cuts a stream into messages (RFC 3261 18.3). A mutable struct that remembers how far it has looked, so that each
/// byte is looked at once however small the pieces are. One reader for one connection.
/// </summary>
public struct SipFrameReader
{
    private int _scanned;
    private int _frameLength;

    /// <summary>Looks for a frame at the start of the buffered bytes.</summary>
    /// <param name="buffered">
    /// Everything that was received and not yet taken off. After NeedMore it must begin with the same bytes again.
    /// </param>
    /// <param name="limits">What is too much.</param>
    /// <param name="result">What was found.</param>
    /// <returns>False for NeedMore alone.</returns>
    public bool TryReadFrame(ReadOnlySpan<byte> buffered, SipParseLimits limits, out FrameResult result)
    {
        result = Read(buffered, limits);
        if (result.Kind == SipFrameKind.NeedMore)
        {
            return false;
        }

        _scanned = 0;
        _frameLength = 0;
        return true;
    }

    private FrameResult Read(ReadOnlySpan<byte> buffered, SipParseLimits limits)
    {
        if (_frameLength == 0)
        {
            if (!buffered.IsEmpty && buffered[0] == '\r')
            {
                return ReadKeepAlive(buffered);
            }

            var head = FindHead(buffered, limits, out var fault);
            if (fault != SipParseOutcome.Ok)
            {
                return Bad(fault, 0);
            }

            if (head < 0)
            {
                return default;
            }

            fault = ReadLength(buffered[..head], limits, out var body);
            if (fault != SipParseOutcome.Ok)
            {
                return Bad(fault, head);
            }

            _frameLength = head + body;
        }

        return buffered.Length >= _frameLength
            ? new FrameResult(SipFrameKind.Frame, _frameLength, false, SipParseOutcome.Ok)
            : new FrameResult(SipFrameKind.NeedMore, _frameLength, false, SipParseOutcome.Ok);
    }

    private static FrameResult Bad(SipParseOutcome outcome, int head) => new(SipFrameKind.Bad, head, false, outcome);

    // One CR LF is a pong, or the line end that some senders put behind a message; two are a ping.
    private static FrameResult ReadKeepAlive(ReadOnlySpan<byte> buffered)
    {
        var ping = "\r\n\r\n"u8;
        var same = buffered.CommonPrefixLength(ping);
        if (same == ping.Length)
        {
            return new FrameResult(SipFrameKind.KeepAlive, 4, true, SipParseOutcome.Ok);
        }

        if (same == buffered.Length)
        {
            return default;
        }

        return same >= 2
            ? new FrameResult(SipFrameKind.KeepAlive, 2, false, SipParseOutcome.Ok)
            : Bad(SipParseOutcome.BadStartLine, 0);
    }

    /// <returns>The length of the head with its empty line; -1 while it is not all there.</returns>
    private int FindHead(ReadOnlySpan<byte> buffered, SipParseLimits limits, out SipParseOutcome fault)
    {
        fault = SipParseOutcome.Ok;
        var from = Math.Max(0, _scanned - 3);
        var found = buffered[from..].IndexOf("\r\n\r\n"u8);
        _scanned = buffered.Length;
        var head = found < 0 ? -1 : from + found + 4;
        if (head > limits.HeadBytesMax || (head < 0 && buffered.Length > limits.HeadBytesMax))
        {
            fault = SipParseOutcome.HeadTooLarge;
        }
        else if (head < 0 && buffered.Length > limits.StartLineBytesMax + 1
            && buffered[..(limits.StartLineBytesMax + 2)].IndexOf("\r\n"u8) < 0)
        {
            fault = SipParseOutcome.StartLineTooLong;
        }

        return head;
    }

    private static SipParseOutcome ReadLength(ReadOnlySpan<byte> head, SipParseLimits limits, out int length)
    {
        length = 0;
        var found = 0;
        for (var at = head.IndexOf("\r\n"u8) + 2; at < head.Length - 2;)
        {
            var end = LineEnd(head, at);
            var line = head[at..end];
            at = end + 2;
            var colon = line.IndexOf((byte)':');
            if (colon <= 0
                || SipHeaderNames.Find(SipLexer.TrimEnd(line[..colon])) != SipHeaderName.ContentLength)
            {
                continue;
            }

            if (++found > 1)
            {
                return SipParseOutcome.RepeatedContentLength;
            }

            if (!SipLexer.TryReadNumber(SipLexer.Trim(line[(colon + 1)..]), out var number, out _))
            {
                return SipParseOutcome.BadContentLength;
            }

            if (number > limits.MessageBytesMax - head.Length)
            {
                return SipParseOutcome.MessageTooLarge;
            }

            length = (int)number;
        }

        return found == 0 ? SipParseOutcome.MissingContentLength : SipParseOutcome.Ok;
    }

    // Behind a CR LF that no white space follows; the head ends with an empty line, so there is always one.
    private static int LineEnd(ReadOnlySpan<byte> head, int at)
    {
        while (true)
        {
            at += head[at..].IndexOf("\r\n"u8);
            if (head[at + 2] is not ((byte)' ' or (byte)'\t'))
            {
                return at;
            }

            at += 2;
        }
    }
}
