namespace Sip.Stack.Messages;

/// <summary>One <c>name[=value]</c> of a header field or URI.</summary>
/// <param name="Name">The name, unescaped.</param>
/// <param name="Value">The value without quotes and escapes; null when there is no "=".</param>
/// <param name="Text">The parameter as it was sent, to be written back byte for byte.</param>
public readonly record struct SipParameter(string Name, string? Value, string Text);
