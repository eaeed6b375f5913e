using Sip.Stack.Messages;

namespace Sip.Stack.Dialogs;

/// <summary>What names a dialog (RFC 3261 12): Call-ID and both tags, all compared with case.</summary>
/// <param name="LocalTag">Ours.</param>
/// <param name="RemoteTag">The peer's; empty for one of RFC 2543, which sends none (12.1.1).</param>
public readonly record struct DialogId(string CallId, string LocalTag, string RemoteTag)
{
    /// <summary>The dialog that a received request belongs to; null without a To tag: then it is in none.</summary>
    public static DialogId? Of(SipRequest received) =>
        received is { CallId: { } callId, To.Tag: { } localTag }
            ? new DialogId(callId, localTag, received.From?.Tag ?? string.Empty)
            : null;

    /// <summary>The dialog that a received response makes or belongs to; null without a To tag.</summary>
    public static DialogId? Of(SipResponse received) =>
        received is { CallId: { } callId, From.Tag: { } localTag, To.Tag: { } remoteTag }
            ? new DialogId(callId, localTag, remoteTag)
            : null;
}
