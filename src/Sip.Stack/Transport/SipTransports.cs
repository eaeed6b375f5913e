using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sip.Stack.Messages;

namespace Sip.Stack.Transport;

/// <summary>All listeners and streams of one stack: the one way out for messages.</summary>
public sealed class SipTransports : IAsyncDisposable
{
    private const int DatagramBytesMax = 65_507;
    private const int BindAttemptsMax = 100;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    private readonly SipTransportOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IncomingMessages _incoming;
    private readonly ConnectionTable _table;
    private readonly TcpTransport _tcp;
    private ITimer? _sweep;

    // Written at start, read by everybody afterwards: swapped whole.
    private UdpTransport[] _udp = [];
    private SipListenPoint[] _points = [];

    internal SipTransports(
        SipTransportOptions options,
        SipParseLimits limits,
        ISipMessageSink sink,
        IResponseInterceptor? interceptor,
        TimeProvider time,
        ILoggerFactory logs)
    {
        _options = options;
        _time = time;
        _log = logs.CreateLogger<SipTransports>();
        _incoming = new IncomingMessages(sink, interceptor, _log);
        _table = new ConnectionTable(options, time, _log, OnConnectionClosed);
        _tcp = new TcpTransport(_table, _incoming, limits with { MessageBytesMax = options.MessageBytesMax }, logs);
    }

    /// <summary>A stream ended or could not be opened; raised once for each, on any thread. Must not block.</summary>
    public event Action<SipConnection, LinkReason>? ConnectionClosed;

    /// <summary>The listeners with their real ports. Empty before the start.</summary>
    public IReadOnlyList<SipListenPoint> ListenPoints => _points;

    /// <summary>Streams alive or being opened.</summary>
    public int ConnectionCount => _table.Count;

    /// <summary>Sends one message; opens a stream when there is none. Never blocks on a peer, never throws.</summary>
    public SipSendOutcome Send(in SipDestination destination, ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body) =>
        Send(destination, null, head, body, out _);

    /// <summary>The raw UDP way out for an address; false when there is no UDP listener of its family.</summary>
    public bool TryGetUdpSender(IPEndPoint to, [NotNullWhen(true)] out UdpSender? sender)
    {
        sender = FindUdp(to, null)?.Sender;
        return sender is not null;
    }

    /// <summary>
    /// The open stream to a destination (the named one, else any to its address and port), if there is one.
    /// </summary>
    public bool TryGetConnection(in SipDestination destination, [NotNullWhen(true)] out SipConnection? connection)
    {
        connection = destination.Connection;
        if (connection is { IsOpen: true }) return true;
        return _table.TryGet(destination.Transport, destination.Address, out connection) && connection.IsOpen;
    }

    /// <summary>
    /// The open stream to a destination, opened if need be. Null when it cannot be (counted by reason).
    /// </summary>
    public async Task<SipConnection?> ConnectAsync(SipDestination destination, CancellationToken cancel = default)
    {
        if (TryGetConnection(destination, out var connection)) return connection;
        connection = GetOrOpen(destination);
        if (connection is null) return null;
        return await connection.Opened.WaitAsync(cancel).ConfigureAwait(false) ? connection : null;
    }

    /// <summary>What Via and Contact should say for messages to this destination.</summary>
    public bool TryGetListenPoint(in SipDestination destination, [NotNullWhen(true)] out SipListenPoint? point)
    {
        var family = destination.Address.AddressFamily;
        var isLoopback = IPAddress.IsLoopback(destination.Address.Address);
        point = null;
        foreach (var candidate in _points)
        {
            if (candidate.Transport != destination.Transport || candidate.Address.AddressFamily != family) continue;
            point ??= candidate;

            // A socket bound to loopback reaches nothing else.
            if (IPAddress.IsLoopback(candidate.Address.Address) != isLoopback) continue;
            point = candidate;
            break;
        }

        return point is not null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_sweep is { } sweep) await sweep.DisposeAsync().ConfigureAwait(false);
        await _tcp.DisposeAsync().ConfigureAwait(false);
        foreach (var udp in _udp) udp.Dispose();
    }

    /// <summary>Opens the listeners.</summary>
    /// <exception cref="IOException">An address cannot be had; nothing stays open.</exception>
    internal void Start()
    {
        var udp = new List<UdpTransport>();
        var points = new List<SipListenPoint>();
        var listeners = new List<Socket>();
        try
        {
            foreach (var endpoint in _options.Endpoints) Bind(endpoint, udp, listeners, points);
        }
        catch
        {
            foreach (var transport in udp) transport.Dispose();
            foreach (var listener in listeners) listener.Dispose();
            throw;
        }

        _udp = [.. udp];
        _points = [.. points];
        foreach (var transport in udp) transport.Start();
        foreach (var listener in listeners) _tcp.Start(listener);
        _sweep = _time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    /// <summary>
    /// Takes no more connections, and waits until what is queued on streams has left, or the token fires.
    /// </summary>
    internal async Task EndAsync(CancellationToken deadline)
    {
        var isOver = Task.Delay(Timeout.Infinite, deadline);
        await Task.WhenAny(_tcp.UnbindAsync(), isOver).ConfigureAwait(false);
        await Task.WhenAny(_table.EndAll(), isOver).ConfigureAwait(false);
    }

    /// <summary>Sends from the socket that has a local address, if there is one (RFC 3581 4).</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="from">The preferred source; null: any of the family.</param>
    /// <param name="head">The first part, copied.</param>
    /// <param name="body">The second part.</param>
    /// <param name="used">The stream used; null for UDP and failures.</param>
    internal SipSendOutcome Send(
        in SipDestination destination,
        IPEndPoint? from,
        ReadOnlySpan<byte> head,
        ReadOnlyMemory<byte> body,
        out SipConnection? used)
    {
        used = null;
        if (destination.Transport == SipTransportKind.Udp) return SendUdp(destination.Address, from, head, body.Span);
        if (head.Length + body.Length > _options.MessageBytesMax) return Failed(destination, SipSendOutcome.TooLarge);

        used = destination.Connection is { IsUsable: true } named ? named : GetOrOpen(destination);
        if (used is null)
        {
            return Failed(destination, destination.Transport == SipTransportKind.Tcp
                ? SipSendOutcome.ConnectionLimit
                : SipSendOutcome.NoTransport);
        }

        var outcome = used.Write(head, body);
        if (outcome == SipSendOutcome.Sent) used.Flush();
        return outcome;
    }

    private SipConnection? GetOrOpen(in SipDestination destination) =>
        _table.TryGet(destination.Transport, destination.Address, out var connection) ? connection
        : destination.Transport == SipTransportKind.Tcp ? _tcp.GetOrOpen(destination.Address)
        : null;

    private SipSendOutcome SendUdp(IPEndPoint to, IPEndPoint? from, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var destination = new SipDestination(SipTransportKind.Udp, to);
        if (head.Length + body.Length > DatagramBytesMax) return Failed(destination, SipSendOutcome.TooLarge);
        if (FindUdp(to, from) is not { } udp) return Failed(destination, SipSendOutcome.NoTransport);
        var address = to.Serialize();
        if (body.IsEmpty) return udp.Sender.Send(head, address) ? SipSendOutcome.Sent : SipSendOutcome.Failed;

        var joined = ArrayPool<byte>.Shared.Rent(head.Length + body.Length);
        head.CopyTo(joined);
        body.CopyTo(joined.AsSpan(head.Length));
        var isSent = udp.Sender.Send(joined.AsSpan(0, head.Length + body.Length), address);
        ArrayPool<byte>.Shared.Return(joined);
        return isSent ? SipSendOutcome.Sent : SipSendOutcome.Failed;
    }

    private UdpTransport? FindUdp(IPEndPoint to, IPEndPoint? from)
    {
        UdpTransport? found = null;
        var isLoopback = IPAddress.IsLoopback(to.Address);
        foreach (var udp in _udp)
        {
            if (udp.Local.AddressFamily != to.AddressFamily) continue;
            if (from is not null && udp.Local.Equals(from)) return udp;
            if (found is null || IPAddress.IsLoopback(udp.Local.Address) == isLoopback) found = udp;
        }

        return found;
    }

    private static SipSendOutcome Failed(in SipDestination destination, SipSendOutcome outcome)
    {
        var reason = outcome switch
        {
            SipSendOutcome.TooLarge => "too_large",
            SipSendOutcome.NoTransport => "no_transport",
            _ => "connection_limit",
        };
        SipMetrics.SendErrors.WithLabels(destination.Transport.Label(), reason).Inc();
        return outcome;
    }

    private void Bind(
        SipListenEndpoint endpoint, List<UdpTransport> udp, List<Socket> listeners, List<SipListenPoint> points)
    {
        for (var attempt = 1; ; attempt++)
        {
            var address = new IPEndPoint(endpoint.Address, endpoint.Port);
            Socket? listener = null;
            try
            {
                if (endpoint.Tcp)
                {
                    listener = _tcp.Bind(address);
                    address = (IPEndPoint)listener.LocalEndPoint!;
                }

                if (endpoint.Udp)
                {
                    udp.Add(UdpTransport.Bind(address, _options, _incoming, _time, _log));
                    address = udp[^1].Local;
                    points.Add(ListenPointNames.For(SipTransportKind.Udp, address, endpoint));
                }

                if (listener is null) return;
                listeners.Add(listener);
                points.Add(ListenPointNames.For(SipTransportKind.Tcp, address, endpoint));
                return;
            }
            catch (SocketException e)
            {
                // Port 0: what is free for TCP may be taken for UDP; try another pair.
                listener?.Dispose();
                if (endpoint.Port == 0 && attempt < BindAttemptsMax) continue;
                throw new IOException($"Cannot listen on {address} (SIP over UDP and TCP): {e.Message}", e);
            }
        }
    }

    private void OnConnectionClosed(SipConnection connection, LinkReason reason)
    {
        _incoming.OnConnectionClosed(connection);
        try
        {
            ConnectionClosed?.Invoke(connection, reason);
        }
        catch (Exception e)
        {
            SipMetrics.LoopFaults.WithLabels("close").Inc();
            TransportLog.ConnectionFault(_log, e, connection.Id, connection.Remote);
        }
    }

    private void Sweep()
    {
        try
        {
            _table.Sweep();
            foreach (var udp in _udp) udp.CountDrops();
        }
        catch (Exception e)
        {
            SipMetrics.LoopFaults.WithLabels("sweep").Inc();
            TransportLog.SweepFault(_log, e);
        }
    }
}
