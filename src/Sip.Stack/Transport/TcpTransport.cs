using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sip.Stack.Messages;

namespace Sip.Stack.Transport;

/// <summary>TCP: streams that come in and those that we open, one code path (ADR-0009).</summary>
/// <remarks>What a stream brings is handled on the pool thread that received it, not on a second one: a read loop here
/// never blocks, and each wake-up of a thread costs more than an answer does.</remarks>
public sealed class TcpTransport : IAsyncDisposable
{
    private const int LinuxIpLevel = 0; // IPPROTO_IP
    private const int LinuxBindAddressNoPort = 24; // IP_BIND_ADDRESS_NO_PORT, ip(7)

    private readonly ConnectionTable _table;
    private readonly IncomingMessages _incoming;
    private readonly SipParseLimits _limits;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _opening = new();

    // Touched by the owner at start and stop only.
    private readonly List<Socket> _listeners = [];
    private readonly List<Task> _acceptLoops = [];

    private volatile bool _isUnbound;

    // Written at start, read by everybody afterwards: swapped whole.
    private IPAddress[] _sources = [];

    internal TcpTransport(ConnectionTable table, IncomingMessages incoming, SipParseLimits limits, ILoggerFactory logs)
    {
        _table = table;
        _incoming = incoming;
        _limits = limits;
        _log = logs.CreateLogger<TcpTransport>();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _table.CloseAll(); // First: no loop that is waited for may hang on what a peer does.
        await UnbindAsync().ConfigureAwait(false);
        _table.CloseAll(); // Who came in between.
        _stopping.Dispose();
    }

    /// <summary>Binds and listens. Throws <see cref="SocketException"/> when the address cannot be had.</summary>
    internal Socket Bind(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // A v6 listener serves v6 alone: v4 has its own, so that addresses never come in mapped form.
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(address);
            socket.Listen(_table.Options.AcceptBacklog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes connections from a listener until it is unbound.</summary>
    internal void Start(Socket listener)
    {
        var local = (IPEndPoint)listener.LocalEndPoint!;
        TransportLog.Listening(_log, SipTransportKind.Tcp, local);
        _listeners.Add(listener);
        _sources = [.. _sources, local.Address];
        _acceptLoops.Add(Task.Run(() => AcceptLoopAsync(listener, local)));
    }

    /// <summary>Takes no more connections; open ones go on. May be called again.</summary>
    internal Task UnbindAsync()
    {
        _isUnbound = true;
        foreach (var listener in _listeners) listener.Dispose();
        return Task.WhenAll(_acceptLoops);
    }

    /// <summary>
    /// The stream to an address, opened in the background if there is none; it takes messages at once.
    /// </summary>
    /// <returns>Null when a limit on connections is reached.</returns>
    internal SipConnection? GetOrOpen(IPEndPoint remote)
    {
        if (_table.TryGet(SipTransportKind.Tcp, remote, out var connection)) return connection;
        lock (_opening)
        {
            if (_table.TryGet(SipTransportKind.Tcp, remote, out connection)) return connection;
            if (_stopping.IsCancellationRequested) return null;
            var any = remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
            connection = _table.TryAdd(SipTransportKind.Tcp, remote, new IPEndPoint(any, 0));
            if (connection is null) return null;
        }

        // Not on the caller's thread: a loopback connect may be through at once, and the caller would read the stream.
        _ = Task.Run(() => ConnectAsync(connection));
        return connection;
    }

    private async Task AcceptLoopAsync(Socket listener, IPEndPoint local)
    {
        while (true)
        {
            try
            {
                var socket = await listener.AcceptAsync().ConfigureAwait(false);

                // On a thread of its own: a read is complete at once while there are bytes, so the loop of a stream
                // whose peer never pauses would not come back here.
                if (Enter(socket, local) is { } connection) _ = Task.Run(() => RunAsync(connection, socket, local));
            }
            catch (Exception e)
            {
                if (_isUnbound) return;
                SipMetrics.LoopFaults.WithLabels("tcp_accept").Inc();
                TransportLog.AcceptFailed(_log, e, local);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _table.Time).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Enters a stream that came in into the table; null when there is no room, and it is closed.</summary>
    private SipConnection? Enter(Socket socket, IPEndPoint local)
    {
        SipConnection? connection = null;
        try
        {
            socket.NoDelay = true;
            connection = _table.TryAdd(
                SipTransportKind.Tcp, (IPEndPoint)socket.RemoteEndPoint!, local, isInbound: true);
        }
        catch (SocketException)
        {
            // It was reset before it was looked at.
        }

        if (connection is null) socket.Dispose();
        return connection;
    }

    private async Task ConnectAsync(SipConnection connection)
    {
        Socket? socket = null;
        try
        {
            // Inside: there may be no descriptor left, and a stream that connects for ever keeps what is for its hop.
            var family = connection.Remote.AddressFamily;
            socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var timeout = new CancellationTokenSource(_table.Options.ConnectTimeout, _table.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
            BindSource(socket, connection.Remote.Address);
            await socket.ConnectAsync(connection.Remote, either.Token).ConfigureAwait(false);
            var local = (IPEndPoint)socket.LocalEndPoint!;
            await RunAsync(connection, socket, local).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            connection.Close(_stopping.IsCancellationRequested ? LinkReason.Shutdown : LinkReason.ConnectTimeout);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            connection.Close(e.SocketErrorCode == SocketError.ConnectionRefused
                ? LinkReason.ConnectRefused
                : LinkReason.ConnectFailed);
        }
        catch (Exception e)
        {
            socket?.Dispose();
            TransportLog.ConnectionFault(_log, e, connection.Id, connection.Remote);
            connection.Close(LinkReason.Fault);
        }
    }

    // A stream leaves from the address listened on, as datagrams do: peers know a server by its address (an
    // S-CSCF trusts those of application servers), and the routing table of a host with several would take another one.
    private void BindSource(Socket socket, IPAddress remote)
    {
        var isLoopback = IPAddress.IsLoopback(remote);
        var source = Array.Find(_sources, s => s.AddressFamily == remote.AddressFamily
            && IPAddress.IsLoopback(s) == isLoopback && !s.Equals(IPAddress.Any) && !s.Equals(IPAddress.IPv6Any));
        if (source is null) return;
        // The port is chosen with the peer known, so that streams to different peers may share one.
        if (OperatingSystem.IsLinux()) socket.SetRawSocketOption(LinuxIpLevel, LinuxBindAddressNoPort, [1, 0, 0, 0]);
        socket.Bind(new IPEndPoint(source, 0));
    }

    /// <summary>The whole life of a connected stream. Contains every exception.</summary>
    private async Task RunAsync(SipConnection connection, Socket socket, IPEndPoint local)
    {
        try
        {
            socket.SendBufferSize = _table.Options.StreamSendBufferBytes;
            if (!connection.Open(new SocketByteSink(socket), local)) return;
            TransportLog.ConnectionOpen(_log, connection.Id, connection.Remote);
            using var receiver = new StreamReceiver(connection, _incoming, _limits);
            await receiver.RunAsync(socket).ConfigureAwait(false);

            // The peer may have closed its sending side alone: what waits for it still leaves.
            connection.EndAfterWrites(LinkReason.PeerClosed);
            await connection.WritesEnded.ConfigureAwait(false);
            connection.Close(LinkReason.PeerClosed);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            connection.Close(LinkReason.Reset);
        }
        catch (Exception e)
        {
            SipMetrics.LoopFaults.WithLabels("tcp").Inc();
            TransportLog.ConnectionFault(_log, e, connection.Id, connection.Remote);
            connection.Close(LinkReason.Fault);
        }
        finally
        {
            socket.Dispose();
        }
    }
}
