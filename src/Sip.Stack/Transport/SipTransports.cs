#pragma warning disable CA1822
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Sip.Stack.Transport;

/// <summary>All listeners and streams of one stack: the one way out for messages.</summary>
public sealed class SipTransports
{
    internal SipTransports()
    {
    }

    /// <summary>The listeners with their real ports. Empty before the start.</summary>
    public IReadOnlyList<SipListenPoint> ListenPoints { get; private set; } = [];

    /// <summary>Sends one message; opens a stream when there is none. Never blocks on a peer, never throws.</summary>
    public SipSendOutcome Send(in SipDestination destination, ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body) =>
        SipSendOutcome.NoTransport;

    /// <summary>The raw UDP way out for an address family; false when there is no UDP listener of it.</summary>
    public bool TryGetUdpSender(IPEndPoint to, [NotNullWhen(true)] out UdpSender? sender)
    {
        sender = null;
        return false;
    }

    /// <summary>The open stream to a destination (the named one, else any to its address and port), if there is one.</summary>
    public bool TryGetConnection(in SipDestination destination, [NotNullWhen(true)] out SipConnection? connection)
    {
        connection = null;
        return false;
    }

    /// <summary>The open stream to a destination, opened if need be. Null when it cannot be (counted by reason).</summary>
    public Task<SipConnection?> ConnectAsync(SipDestination destination, CancellationToken cancel = default) =>
        Task.FromResult<SipConnection?>(null);

    /// <summary>What Via and Contact should say for messages to this destination.</summary>
    public bool TryGetListenPoint(in SipDestination destination, [NotNullWhen(true)] out SipListenPoint? point)
    {
        point = null;
        return false;
    }
}
