using System.Net;

namespace Sip.Stack.Transport;

/// <summary>Where a message came from and where it arrived.</summary>
/// <param name="Transport">The transport it used.</param>
/// <param name="Remote">The source address of the datagram or stream.</param>
/// <param name="Local">The listening or local address of the stream.</param>
/// <param name="Connection">The stream; null for UDP.</param>
public readonly record struct SipPeer(
    SipTransportKind Transport, IPEndPoint Remote, IPEndPoint Local, SipConnection? Connection)
{
    /// <summary>Timestamp of the stack's clock when it was read; 0 when nobody has looked.</summary>
    public long ReadAt { get; init; }

    /// <summary>How long it lay in the kernel before that; zero where that is not known.</summary>
    public TimeSpan KernelWait { get; init; }

    /// <summary>The way back: the same stream, or the same address.</summary>
    public SipDestination ToDestination() => new(Transport, Remote, Connection);
}

/// <summary>Where to send a message.</summary>
/// <param name="Transport">The transport to use.</param>
/// <param name="Address">The address, also when a connection is named: it is used once that is closed.</param>
/// <param name="Connection">An open stream to prefer, such as the one a client registered over.</param>
public readonly record struct SipDestination(
    SipTransportKind Transport, IPEndPoint Address, SipConnection? Connection = null);
