namespace Conference.Protocol.Xml;

/// <summary>A body as XmlReader reads it: all bytes but those of the page content.</summary>
internal sealed class BodyStream(ReadOnlyMemory<byte> body, ContentSpan without) : Stream
{
    private int _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <summary>True, so that XmlReader asks for the length and takes a buffer of that size.</summary>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => body.Length - without.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position <= without.Start ? _position : _position - without.Length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (without.Length > 0 && _position == without.Start) _position += without.Length;
        var end = without.Length > 0 && _position < without.Start ? without.Start : body.Length;
        var count = Math.Min(end - _position, buffer.Length);
        body.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
