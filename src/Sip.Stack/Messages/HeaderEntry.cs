namespace Sip.Stack.Messages;

/// <summary>Where one header field line stands. White space around name and value is outside both ranges.</summary>
/// <param name="Name">Known name, or <see cref="SipHeaderName.Unknown"/>.</param>
/// <param name="NameText">The name as it was sent, maybe compact.</param>
/// <param name="Value">The value, with folds (CR LF SP) still in it when <paramref name="IsFolded"/>.</param>
/// <param name="IsFolded">The value runs over several lines (RFC 3261 7.3.1).</param>
public readonly record struct HeaderEntry(SipHeaderName Name, ByteRange NameText, ByteRange Value, bool IsFolded);
