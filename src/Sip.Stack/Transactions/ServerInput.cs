using Sip.Stack.Messages;

namespace Sip.Stack.Transactions;

/// <summary>What is posted to a server transaction.</summary>
internal readonly record struct ServerInput(
    ServerInputKind Kind,
    TransactionTimer Timer = TransactionTimer.None,
    int Status = 0,
    byte[]? Response = null,
    SipRequest? Ack = null);

/// <summary>The kinds of <see cref="ServerInput"/>.</summary>
internal enum ServerInputKind : byte
{
    Start,
    Resend,
    Ack,
    Respond,
    Timer,
    TransportError,
    MakeRoom,
}
