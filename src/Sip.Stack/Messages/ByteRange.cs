namespace Sip.Stack.Messages;

/// <summary>A stretch of a message's bytes: offset from the start of the message, and length, in bytes.</summary>
public readonly record struct ByteRange(int Start, int Length)
{
    /// <summary>The offset behind the last byte.</summary>
    public int End => Start + Length;

    /// <summary>The bytes in the message that the range was made for.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> message) => message.Slice(Start, Length);
}
