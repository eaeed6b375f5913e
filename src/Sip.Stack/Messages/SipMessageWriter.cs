using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>
/// Writes one message into a pooled buffer that grows; no intermediate strings. Reusable after <see cref="Reset"/>;
/// to be disposed once.
/// </summary>
/// <remarks>
/// CR, LF and NUL in a name or value are refused with an exception: they would start a header field of somebody
/// else's making, and to let them in is a bug of the caller (<see cref="SipHeaderText.Clean"/> takes them out).
/// </remarks>
public sealed class SipMessageWriter : IDisposable
{
    private byte[] _buffer;
    private int _length;

    /// <summary>A writer with room for a usual message.</summary>
    public SipMessageWriter(int capacity = 1024) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>What is written so far; valid until the next write, reset or dispose.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <inheritdoc cref="WrittenMemory"/>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _length);

    /// <summary>Bytes written so far.</summary>
    public int Length => _length;

    /// <summary>Forgets what is written and keeps the buffer.</summary>
    public void Reset() => _length = 0;

    /// <summary>An array of its own with what is written.</summary>
    public byte[] ToArray() => WrittenSpan.ToArray();

    /// <inheritdoc/>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>METHOD URI SIP/2.0</summary>
    public SipMessageWriter RequestLine(string method, string uri)
    {
        if (method.AsSpan().ContainsAny(' ', '\t') || uri.AsSpan().ContainsAny(' ', '\t'))
        {
            throw new ArgumentException("White space in a request line", nameof(uri));
        }

        Checked(method);
        Raw(" "u8);
        Checked(uri);
        Raw(" SIP/2.0\r\n"u8);
        return this;
    }

    /// <summary>SIP/2.0 CODE PHRASE</summary>
    /// <param name="status">100 to 699.</param>
    /// <param name="reasonPhrase">Null for the usual phrase of the status.</param>
    public SipMessageWriter StatusLine(int status, string? reasonPhrase = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        Raw("SIP/2.0 "u8);
        Number(status);
        Raw(" "u8);
        Checked(reasonPhrase ?? SipReasonPhrases.For(status));
        Raw("\r\n"u8);
        return this;
    }

    /// <summary>One header field line.</summary>
    public SipMessageWriter Header(SipHeaderName name, ReadOnlySpan<byte> value)
    {
        Begin(name);
        return EndLine(value);
    }

    /// <inheritdoc cref="Header(SipHeaderName, ReadOnlySpan{byte})"/>
    public SipMessageWriter Header(SipHeaderName name, string value)
    {
        Begin(name);
        return EndLine(value);
    }

    /// <inheritdoc cref="Header(SipHeaderName, ReadOnlySpan{byte})"/>
    public SipMessageWriter Header(SipHeaderName name, long value)
    {
        Begin(name);
        Number(value);
        return EndLine();
    }

    /// <inheritdoc cref="Header(SipHeaderName, ReadOnlySpan{byte})"/>
    public SipMessageWriter Header(string name, ReadOnlySpan<byte> value)
    {
        Begin(name);
        return EndLine(value);
    }

    /// <inheritdoc cref="Header(SipHeaderName, ReadOnlySpan{byte})"/>
    public SipMessageWriter Header(string name, string value)
    {
        Begin(name);
        return EndLine(value);
    }

    /// <inheritdoc cref="Header(SipHeaderName, ReadOnlySpan{byte})"/>
    public SipMessageWriter Header(string name, long value)
    {
        Begin(name);
        Number(value);
        return EndLine();
    }

    /// <summary>Content-Type, Content-Length, the empty line, and the body.</summary>
    public SipMessageWriter Body(string contentType, ReadOnlySpan<byte> body)
    {
        EndHead(contentType, body.Length);
        Raw(body);
        return this;
    }

    /// <summary>Content-Length: 0 and the empty line.</summary>
    public SipMessageWriter NoBody() => EndHead(null, 0);

    /// <summary>
    /// Content-Type, Content-Length and the empty line for a body that is sent from where it lies, without a copy.
    /// </summary>
    /// <param name="contentType">Null for no body.</param>
    /// <param name="bodyLength">In bytes.</param>
    public SipMessageWriter EndHead(string? contentType, int bodyLength)
    {
        if (contentType is not null)
        {
            Header(SipHeaderName.ContentType, contentType);
        }

        Header(SipHeaderName.ContentLength, bodyLength);
        Raw("\r\n"u8);
        return this;
    }

    /// <summary>A header field as it came in: a quoted pair of NUL may stand in it, a line end not.</summary>
    internal void Copy(SipHeaderName name, ReadOnlySpan<byte> value, ReadOnlySpan<byte> suffix = default)
    {
        Begin(name);
        Raw(value);
        Raw(suffix);
        Raw("\r\n"u8);
    }

    internal void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    internal void Begin(SipHeaderName name)
    {
        Raw(SipHeaderNames.Bytes(name));
        Raw(": "u8);
    }

    internal SipMessageWriter EndLine(string text)
    {
        Checked(text);
        return EndLine();
    }

    internal void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        _length += written;
    }

    private SipMessageWriter EndLine(ReadOnlySpan<byte> text)
    {
        Checked(text);
        return EndLine();
    }

    private SipMessageWriter EndLine()
    {
        Raw("\r\n"u8);
        return this;
    }

    private void Begin(string name)
    {
        var from = _length;
        Checked(name);
        if (!SipLexer.IsToken(_buffer.AsSpan(from, _length - from)))
        {
            throw new ArgumentException("Not a header field name", nameof(name));
        }

        Raw(": "u8);
    }

    private void Checked(ReadOnlySpan<byte> value)
    {
        if (value.ContainsAny((byte)'\r', (byte)'\n', (byte)0))
        {
            throw new ArgumentException("CR, LF or NUL in a header field", nameof(value));
        }

        Raw(value);
    }

    private void Checked(string value)
    {
        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw new ArgumentException("CR, LF or NUL in a header field", nameof(value));
        }

        _length += Encoding.UTF8.GetBytes(value, Room(Encoding.UTF8.GetMaxByteCount(value.Length)));
    }

    private Span<byte> Room(int size)
    {
        if (_buffer.Length - _length < size)
        {
            ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + size));
            WrittenSpan.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
