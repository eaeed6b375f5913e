using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Sip.Stack.Transport;

/// <summary>All streams alive: who is connected to where, the limits on their number, their time-outs.</summary>
internal sealed class ConnectionTable
{
    private static readonly TimeSpan LogPause = TimeSpan.FromMinutes(1);

    // Beyond ConnectTimeout, which ends a stream that is being opened; the sweep ends what that has missed.
    private static readonly TimeSpan ConnectGrace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, SipConnection> _byId = new();
    private readonly ConcurrentDictionary<(SipTransportKind, IPEndPoint), SipConnection> _byRemote = new();
    private readonly Action<SipConnection, LinkReason> _onClosed;
    private readonly ILogger _log;

    // Counts per remote address; guarded by itself, together with the global counts.
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private int _count;
    private int _untrusted;
    private long? _limitLoggedAt;
    private long _lastId;
    private long _unfinishedBytes; // of all streams; changed with Interlocked
    private readonly Lock _makingRoom = new();
    private long _queuedBytes; // of all streams; changed with Interlocked
    private int _isEndingFullest; // 1 while that is on its way

    internal ConnectionTable(
        SipTransportOptions options, TimeProvider time, ILogger log, Action<SipConnection, LinkReason> onClosed)
    {
        Options = options;
        Time = time;
        _log = log;
        _onClosed = onClosed;
        SendTimeoutTicks = ToTimestamp(options.SendTimeout);
        IdleTimeoutTicks = ToTimestamp(options.IdleTimeout);
        MessageTimeoutTicks = ToTimestamp(options.MessageTimeout);
        ConnectingTicks = ToTimestamp(options.ConnectTimeout + ConnectGrace);
    }

    internal SipTransportOptions Options { get; }

    internal TimeProvider Time { get; }

    internal long SendTimeoutTicks { get; }

    internal long IdleTimeoutTicks { get; }

    internal long MessageTimeoutTicks { get; }

    internal long ConnectingTicks { get; }

    internal int Count => _byId.Count;

    internal IEnumerable<SipConnection> All => _byId.Values;

    /// <summary>A usable stream to an address and port, also one that is being opened.</summary>
    internal bool TryGet(
        SipTransportKind transport, IPEndPoint remote, [NotNullWhen(true)] out SipConnection? connection) =>
        _byRemote.TryGetValue((transport, remote), out connection) && connection.IsUsable;

    /// <summary>Makes an entry for a stream, open or about to be.</summary>
    /// <param name="transport">What it is.</param>
    /// <param name="remote">The peer.</param>
    /// <param name="local">Our side.</param>
    /// <param name="isInbound">The peer has opened it. Those do not get the last tenth of all places, so that whoever
    /// connects does not keep us from the next hop.</param>
    /// <returns>Null when a limit is reached.</returns>
    internal SipConnection? TryAdd(
        SipTransportKind transport, IPEndPoint remote, IPEndPoint local, bool isInbound = false)
    {
        var most = isInbound ? Options.ConnectionsMax - (Options.ConnectionsMax / 10) : Options.ConnectionsMax;
        var isUntrusted = isInbound && !IsTrusted(remote.Address);
        lock (_perAddress)
        {
            var ofAddress = _perAddress.GetValueOrDefault(remote.Address);
            var isLimit = _count >= most || ofAddress >= Options.ConnectionsPerAddressMax;
            if (isLimit || (isUntrusted && _untrusted >= Options.ConnectionsUntrustedMax))
            {
                OnLimit(remote, ofAddress, isLimit ? LinkReason.Limit : LinkReason.UntrustedLimit);
                return null;
            }

            _count++;
            if (isUntrusted) _untrusted++;
            _perAddress[remote.Address] = ofAddress + 1;
        }

        var id = Interlocked.Increment(ref _lastId);
        var connection = new SipConnection(id, transport, remote, local, this, isInbound) { IsUntrusted = isUntrusted };
        _byId[connection.Id] = connection;
        _byRemote[(transport, remote)] = connection;
        SipMetrics.Connections.Inc();
        return connection;
    }

    /// <summary>Memory of unfinished messages was taken (or given back: below 0).</summary>
    internal void Account(int bytes)
    {
        if (bytes == 0) return;
        Interlocked.Add(ref _unfinishedBytes, bytes);
        SipMetrics.UnfinishedBytes.Inc(bytes);
    }

    /// <summary>While unfinished messages hold more than they may, closes the stream whose message began first: whoever
    /// wants to use all of it up dawdles, the others have just begun.</summary>
    internal void KeepWithinLimit() => MakeRoom(
        ref _unfinishedBytes, Options.UnfinishedBytesMax,
        static all => all.Where(c => c.MessageBegan != 0).OrderBy(c => c.MessageBegan), LinkReason.UnfinishedLimit);

    /// <summary>Memory of a write queue was taken (or given back: below 0). While all hold more than they may, the
    /// fullest streams are closed: elsewhere, as whoever writes may hold locks that the owner of another stream takes.
    /// </summary>
    internal void AccountQueued(int bytes)
    {
        SipMetrics.QueuedBytes.Inc(bytes);
        var all = Interlocked.Add(ref _queuedBytes, bytes);
        if (bytes < 0 || all <= Options.QueuedBytesMax || Interlocked.Exchange(ref _isEndingFullest, 1) == 1) return;
        ThreadPool.UnsafeQueueUserWorkItem(static table => table.EndFullest(), this, preferLocal: false);
    }

    private void EndFullest()
    {
        // From here on who goes beyond the limit has it looked at again.
        Volatile.Write(ref _isEndingFullest, 0);
        MakeRoom(
            ref _queuedBytes, Options.QueuedBytesMax,
            static all => all.OrderByDescending(c => c.AccountedBytes), LinkReason.QueueLimit);
    }

    /// <summary>While more is held than may be, closes streams, in an order.</summary>
    private void MakeRoom(
        ref long held, long most, Func<IEnumerable<SipConnection>, IEnumerable<SipConnection>> inOrder,
        LinkReason reason)
    {
        if (Interlocked.Read(ref held) <= most) return;
        lock (_makingRoom)
        {
            if (Interlocked.Read(ref held) <= most) return;

            // Down to a little less: the search among all streams is not to be made for each message.
            foreach (var connection in inOrder(All))
            {
                if (Interlocked.Read(ref held) <= most - (most / 16)) return;
                connection.Close(reason);
            }
        }
    }

    /// <summary>Called once by each stream, whatever ended it.</summary>
    internal void OnClosed(SipConnection connection, LinkReason reason)
    {
        if (!_byId.TryRemove(connection.Id, out _)) return;
        _byRemote.TryRemove(new KeyValuePair<(SipTransportKind, IPEndPoint), SipConnection>(
            (connection.Transport, connection.Remote), connection));
        lock (_perAddress)
        {
            _count--;
            if (connection.IsUntrusted) _untrusted--;
            var left = _perAddress.GetValueOrDefault(connection.Remote.Address) - 1;
            if (left > 0) _perAddress[connection.Remote.Address] = left;
            else _perAddress.Remove(connection.Remote.Address);
        }

        SipMetrics.Connections.Dec();
        SipMetrics.ConnectionEnds.WithLabels(Label(reason)).Inc();
        TransportLog.ConnectionEnded(_log, connection.Id, connection.Remote, reason);
        _onClosed(connection, reason);
    }

    /// <summary>Applies the time-outs.</summary>
    internal void Sweep()
    {
        var now = Time.GetTimestamp();
        foreach (var (_, connection) in _byId) connection.Sweep(now);
    }

    /// <summary>Ends all streams; completes when what was queued has left them.</summary>
    internal Task EndAll()
    {
        var connections = All.ToArray();
        foreach (var connection in connections) connection.EndAfterWrites(LinkReason.Shutdown);
        return Task.WhenAll(connections.Select(c => c.WritesEnded));
    }

    internal void CloseAll()
    {
        foreach (var (_, connection) in _byId) connection.Close(LinkReason.Shutdown);
    }

    internal static string Label(LinkReason reason) => reason switch
    {
        LinkReason.PeerClosed => "peer_closed",
        LinkReason.Reset => "reset",
        LinkReason.Idle => "idle",
        LinkReason.SendTimeout => "send_timeout",
        LinkReason.SlowPeer => "slow_peer",
        LinkReason.Malformed => "malformed",
        LinkReason.SlowMessage => "slow_message",
        LinkReason.UnfinishedLimit => "unfinished_limit",
        LinkReason.QueueLimit => "queue_limit",
        LinkReason.ConnectRefused => "connect_refused",
        LinkReason.ConnectTimeout => "connect_timeout",
        LinkReason.ConnectFailed => "connect_failed",
        LinkReason.Limit => "limit",
        LinkReason.UntrustedLimit => "untrusted_limit",
        LinkReason.Shutdown => "shutdown",
        LinkReason.ClosedByOwner => "closed_by_owner",
        LinkReason.Fault => "fault",
        _ => throw new UnreachableException($"No label for {reason}"),
    };

    // Under the lock of the counts. Anybody may connect as often as he likes: the counter tells how often, the log not.
    private void OnLimit(IPEndPoint remote, int ofAddress, LinkReason reason)
    {
        SipMetrics.ConnectionEnds.WithLabels(Label(reason)).Inc();
        if (_limitLoggedAt is { } at && Time.GetElapsedTime(at) < LogPause) return;
        _limitLoggedAt = Time.GetTimestamp();
        TransportLog.ConnectionLimit(_log, remote, _count, ofAddress);
    }

    // Where no networks are configured anybody is.
    private bool IsTrusted(IPAddress address)
    {
        var networks = Options.TrustedNetworks;
        return networks.Count == 0 || networks.Any(network => network.Contains(address));
    }

    private long ToTimestamp(TimeSpan span) => (long)(span.TotalSeconds * Time.TimestampFrequency);
}
