using System.Net;
using Sip.Stack.Transport;

namespace Sip.Stack.Transactions;

/// <summary>The way out of the transaction layer: the transports, or a recorder in tests.</summary>
internal interface ITransactionWire
{
    /// <summary>Sends one message.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="from">The preferred local address; null: any.</param>
    /// <param name="head">The whole message, or its first part.</param>
    /// <param name="body">The rest; sent from where it lies.</param>
    /// <param name="used">The stream used, for stream transports.</param>
    SipSendOutcome Send(
        in SipDestination destination,
        IPEndPoint? from,
        ReadOnlyMemory<byte> head,
        ReadOnlyMemory<byte> body,
        out SipConnection? used);
}
