using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sip.Stack.Transport;

/// <summary>The UDP sockets of one listening address, each with its own blocking receive thread.</summary>
public sealed class UdpTransport : IDisposable
{
    private const int SolSocket = 1;
    private const int SoReusePort = 15;

    private readonly List<UdpReceiver> _receivers = [];
    private readonly List<RequestDoor> _doors = [];
    private readonly UdpSender[] _senders;
    private readonly ILogger _log;

    private UdpTransport(
        List<Socket> sockets, SipTransportOptions options, IncomingMessages incoming, TimeProvider time, ILogger log)
    {
        _log = log;
        Local = (IPEndPoint)sockets[0].LocalEndPoint!;
        var isBatched = options.SystemCalls == SipSystemCalls.Batched;
        if (isBatched && !SocketMessage.IsKnown) TransportLog.ReadOneByOne(log, Local, "not a 64-bit Linux");
        var segmentsMax = isBatched ? options.UdpSegmentsMax : 1;
        _senders = [.. sockets.Select(s => new UdpSender(s, Local, segmentsMax))];
        var gate = options.TrustedNetworks.Count > 0
            ? new SourceGate(options.TrustedNetworks, options.UdpUntrustedPerSecondMax, time)
            : null;
        try
        {
            foreach (var socket in sockets)
            {
                var intake = new DatagramIntake(Local, incoming, gate, options.UdpShedAtPercent, time, log)
                {
                    Door = isBatched && SocketMessage.IsKnown ? DoorOf(socket, options, time) : null,
                };
                var reader = DatagramReader.For(socket, options.SystemCalls);
                _receivers.Add(new UdpReceiver(socket, Local, reader, intake, log));
            }
        }
        catch
        {
            Dispose(); // The memory of readers is not the collector's.
            throw;
        }
    }

    /// <summary>The bound address and port.</summary>
    public IPEndPoint Local { get; }

    /// <summary>The raw way out; with several sockets, one that belongs to the calling thread's processor.</summary>
    public UdpSender Sender => _senders.Length == 1
        ? _senders[0]
        : _senders[Thread.GetCurrentProcessorId() % _senders.Length];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var door in _doors) door.Dispose();
        foreach (var receiver in _receivers) receiver.Dispose();
    }

    /// <summary>Binds the sockets. Throws <see cref="SocketException"/> when the address cannot be had.</summary>
    internal static UdpTransport Bind(
        IPEndPoint address, SipTransportOptions options, IncomingMessages incoming, TimeProvider time, ILogger log)
    {
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < Math.Max(1, options.UdpSocketsPerEndpoint); i++)
            {
                var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                sockets.Add(socket);
                Configure(socket, options);
                socket.Bind(i == 0 ? address : sockets[0].LocalEndPoint!);
            }

            CheckReceiveBuffer(sockets[0], options, log);
            return new UdpTransport(sockets, options, incoming, time, log);
        }
        catch
        {
            foreach (var socket in sockets) socket.Dispose();
            throw;
        }
    }

    /// <summary>Adds what the kernel dropped since the last call to the metric.</summary>
    internal void CountDrops()
    {
        foreach (var receiver in _receivers) receiver.Drops.Count();
    }

    internal void Start()
    {
        TransportLog.Listening(_log, SipTransportKind.Udp, Local);
        foreach (var receiver in _receivers) receiver.Start();
    }

    private RequestDoor? DoorOf(Socket socket, SipTransportOptions options, TimeProvider time)
    {
        if (options.UdpRequestsPerSecondMax == 0) return null;
        var name = $"{Local}/{_doors.Count}";
        var gauge = SipMetrics.UdpRequestShare.WithLabels(name);
        var door = new RequestDoor(
            options.UdpRequestsPerSecondMax, share => LetIn(socket, share, name), gauge.Set,
            () => UdpMemory.PercentOf(socket) >= options.UdpShedAtPercent, time);
        _doors.Add(door);
        return door;
    }

    private bool LetIn(Socket socket, double share, string name)
    {
        try
        {
            if (RequestFilter.TryApply(socket.SafeHandle, share)) return true;
            if (share < 1) TransportLog.NoRequestFilter(_log, name);
        }
        catch (ObjectDisposedException)
        {
            // It ends.
        }

        return false;
    }

    private static void Configure(Socket socket, SipTransportOptions options)
    {
        // A v6 socket serves v6 alone: v4 has its own, so that addresses never come in mapped form.
        if (socket.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
        if (options.UdpSocketsPerEndpoint > 1 && OperatingSystem.IsLinux())
        {
            Span<byte> on = [1, 0, 0, 0];
            socket.SetRawSocketOption(SolSocket, SoReusePort, on);
        }

        socket.ReceiveBufferSize = options.UdpReceiveBufferBytes;
        socket.SendBufferSize = options.UdpSendBufferBytes;
    }

    private static void CheckReceiveBuffer(Socket socket, SipTransportOptions options, ILogger log)
    {
        // Linux doubles the amount for its own book-keeping and reports the double (socket(7)).
        var granted = OperatingSystem.IsLinux() ? socket.ReceiveBufferSize / 2 : socket.ReceiveBufferSize;
        var local = (IPEndPoint)socket.LocalEndPoint!;
        if (granted < options.UdpReceiveBufferBytes)
            TransportLog.ReceiveBufferSmall(log, local, granted, options.UdpReceiveBufferBytes);
        else TransportLog.ReceiveBuffer(log, local, granted);
    }
}
