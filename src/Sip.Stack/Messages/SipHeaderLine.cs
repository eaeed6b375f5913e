using System.Text;

namespace Sip.Stack.Messages;

/// <summary>One header field line of a message at hand.</summary>
public readonly ref struct SipHeaderLine
{
    internal SipHeaderLine(ReadOnlySpan<byte> message, in HeaderEntry entry)
    {
        Name = entry.Name;
        NameText = entry.NameText.Of(message);
        Value = entry.Value.Of(message);
    }

    /// <summary>The name, when the stack knows it.</summary>
    public SipHeaderName Name { get; }

    /// <summary>The name as it was sent.</summary>
    public ReadOnlySpan<byte> NameText { get; }

    /// <summary>The value: trimmed, folds turned into spaces, otherwise as it was sent.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>The value as text.</summary>
    public string ValueText => Encoding.UTF8.GetString(Value);
}
