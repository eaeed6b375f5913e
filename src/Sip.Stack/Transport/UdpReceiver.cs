using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sip.Stack.Transport;

/// <summary>
/// One UDP socket and the thread that reads it: 11 us a message at 10,000/s, the thread pool takes 87.
/// </summary>
internal sealed class UdpReceiver : IDisposable
{
    private const int DatagramBytesMax = 65_535;

    /// <summary>Datagrams taken together at most: what they cause to be sent waits for the last of them.</summary>
    private const int BatchMax = 64;

    /// <summary>Known sources per thread, so that a message costs no endpoint object; cleared when full.</summary>
    private const int PeersMax = 16_384;

    private readonly Socket _socket;
    private readonly IPEndPoint _local;
    private readonly IncomingMessages _incoming;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopping = new();

    // Touched only by the receive thread.
    private readonly Dictionary<SocketAddress, IPEndPoint> _peers = [];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(DatagramBytesMax, pinned: true);

    internal UdpReceiver(Socket socket, IPEndPoint local, IncomingMessages incoming, ILogger log)
    {
        _socket = socket;
        _local = local;
        _incoming = incoming;
        _log = log;
        Drops = new UdpDrops(socket);
        _thread = new Thread(Run) { IsBackground = true, Name = $"sip-udp-{local.Port}" };
    }

    internal UdpDrops Drops { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stopping.IsSet) return;
        _stopping.Set();
        _socket.Dispose(); // wakes the blocking receive
        if (_thread.IsAlive && Thread.CurrentThread != _thread) _thread.Join();
    }

    internal void Start() => _thread.Start();

    private void Run()
    {
        var from = new SocketAddress(_socket.AddressFamily);
        var faults = 0;
        while (!_stopping.IsSet)
        {
            try
            {
                var length = Receive(from);
                _incoming.BeginBatch();
                try
                {
                    OnDatagram(_buffer.AsSpan(0, length), from);
                    for (var taken = 1; taken < BatchMax && _socket.Available > 0; taken++)
                        OnDatagram(_buffer.AsSpan(0, Receive(from)), from);
                }
                finally
                {
                    _incoming.EndBatch();
                }

                faults = 0;
            }
            catch (Exception e)
            {
                if (_stopping.IsSet) return;
                SipMetrics.LoopFaults.WithLabels("udp_receive").Inc();
                TransportLog.ReceiveFailed(_log, e, _local);

                // An error that stays would spin: wait longer each time, up to a second, unless stopped.
                if (++faults > 1) _stopping.Wait(Math.Min(1000, 1 << Math.Min(faults, 10)));
            }
        }
    }

    private int Receive(SocketAddress from)
    {
        from.Size = SocketAddress.GetMaximumAddressSize(_socket.AddressFamily);
        return _socket.ReceiveFrom(_buffer, SocketFlags.None, from);
    }

    private void OnDatagram(ReadOnlySpan<byte> datagram, SocketAddress from)
    {
        // RFC 3261 7.5: line ends before the start line are skipped; alone they are a keep-alive.
        var message = datagram.TrimStart("\r\n"u8);
        if (message.IsEmpty)
        {
            SipMetrics.KeepAlives.WithLabels("udp").Inc();
            return;
        }

        if (NotSip(message) is { } reason)
        {
            SipMetrics.Malformed.WithLabels("udp", reason).Inc();
            return;
        }

        if (!_peers.TryGetValue(from, out var remote)) remote = AddPeer(from);
        _incoming.OnMessage(message, new SipPeer(SipTransportKind.Udp, remote, _local, null));
    }

    /// <summary>A SIP message begins with a method or SIP/2.0: a token character (RFC 3261 25.1).</summary>
    private static string? NotSip(ReadOnlySpan<byte> message)
    {
        var first = message[0];
        if (first > 0x20 && first < 0x7f) return null;

        // RFC 8489 5: the two top bits are 0 and the cookie follows the length.
        return first < 4 && message.Length >= 20 && message[4..8].SequenceEqual(new byte[] { 0x21, 0x12, 0xA4, 0x42 })
            ? "stun"
            : "garbage";
    }

    private IPEndPoint AddPeer(SocketAddress from)
    {
        if (_peers.Count >= PeersMax) _peers.Clear();
        var key = new SocketAddress(from.Family, from.Size);
        from.Buffer.Span[..from.Size].CopyTo(key.Buffer.Span);
        var remote = (IPEndPoint)_local.Create(from);
        _peers[key] = remote;
        return remote;
    }
}
