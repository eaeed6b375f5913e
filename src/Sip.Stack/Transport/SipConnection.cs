#pragma warning disable CA1822
using System.Net;

namespace Sip.Stack.Transport;

/// <summary>One stream to one peer, in either direction, with a bounded write queue.</summary>
public sealed class SipConnection
{
    internal SipConnection(long id, SipTransportKind transport, IPEndPoint remote, IPEndPoint local)
    {
        Id = id;
        Transport = transport;
        Remote = remote;
        Local = local;
    }

    /// <summary>Unique in this process; never used again.</summary>
    public long Id { get; }

    /// <summary>TCP now.</summary>
    public SipTransportKind Transport { get; }

    /// <summary>The peer's address.</summary>
    public IPEndPoint Remote { get; }

    /// <summary>Our address.</summary>
    public IPEndPoint Local { get; private set; }

    /// <summary>True while the stream is connected and not closed.</summary>
    public bool IsOpen => false;

    /// <summary>Bytes that wait for the peer to read.</summary>
    public int QueuedBytes => 0;

    /// <summary>
    /// Queues one message; nothing is sent before <see cref="Flush"/> or 64 KiB have gathered, so that a batch leaves in
    /// few writes. The head and a small body are copied; a body above 16 KiB is kept by reference until it is sent and
    /// must not change.
    /// </summary>
    /// <returns>False when the stream is closed or the queue is full (counted); nothing is queued then.</returns>
    public bool TryWrite(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body) => false;

    /// <summary>Starts sending what is queued. Cheap when a send is already under way.</summary>
    public void Flush()
    {
    }

    /// <summary>Ends the stream. The first reason wins; later calls do nothing.</summary>
    public void Close(LinkReason reason)
    {
    }
}
