using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack;
using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace Load;

/// <summary>Sends datagrams at a rate, from a thread of its own and from several addresses; what comes back is read and
/// leads to nothing. Several of one length leave in one system call, so that the sender takes less of the machine.
/// </summary>
internal sealed class DatagramFlood : ISipRequestHandler, IAsyncDisposable
{
    // Datagrams that a socket is given at a time: as a network card hands them over, and far below its buffer.
    private const int Group = 16;
    private const int TickMilliseconds = 1;

    // A sender that was held up does not make up for more than this: that would be a burst, not a rate.
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromMilliseconds(20);

    private readonly List<SipStack> _stacks = [];
    private readonly IReadOnlyList<byte[]> _groups;
    private readonly IReadOnlyList<int> _lengths;
    private readonly IPEndPoint _to;
    private readonly double _perSecond;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly Thread _thread;
    private long _sent;

    private DatagramFlood(IReadOnlyList<byte[]> datagrams, IPEndPoint to, double perSecond)
    {
        _lengths = [.. datagrams.Select(d => d.Length)];
        _groups = [.. datagrams.Select(d => Repeat(d, CountOf(d.Length)))];
        _to = to;
        _perSecond = perSecond;
        _thread = new Thread(Run) { IsBackground = true, Name = "flood" };
    }

    internal long Sent => Interlocked.Read(ref _sent);

    /// <summary>Begins to send.</summary>
    /// <param name="datagrams">Taken in turn.</param>
    /// <param name="from">Taken in turn, each with a port of its own.</param>
    /// <param name="to">The server.</param>
    /// <param name="perSecond">0: as fast as it goes.</param>
    internal static async Task<DatagramFlood> StartAsync(
        IReadOnlyList<byte[]> datagrams, IEnumerable<IPAddress> from, IPEndPoint to, double perSecond)
    {
        var flood = new DatagramFlood(datagrams, to, perSecond);
        foreach (var address in from)
        {
            var endpoint = new SipListenEndpoint { Address = address, Port = 0, Tcp = false };
            var options = new SipStackOptions { Transport = new SipTransportOptions { Endpoints = [endpoint] } };
            var stack = new SipStack(options, flood, TimeProvider.System, NullLoggerFactory.Instance);
            await stack.StartAsync();
            flood._stacks.Add(stack);
        }

        flood._thread.Start();
        return flood;
    }

    public ValueTask HandleAsync(SipServerExchange exchange) => default;

    public void OnAck(SipRequest ack, in SipPeer peer)
    {
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Set();
        _thread.Join();
        foreach (var stack in _stacks) await stack.DisposeAsync();
    }

    private static int CountOf(int length) => Math.Clamp(60_000 / length, 1, Group);

    private static byte[] Repeat(byte[] datagram, int count)
    {
        var group = new byte[datagram.Length * count];
        for (var i = 0; i < count; i++) datagram.CopyTo(group, i * datagram.Length);
        return group;
    }

    private void Run()
    {
        var senders = _stacks.Select(stack =>
            stack.Transports.TryGetUdpSender(_to, out var sender) ? sender : throw new InvalidOperationException())
            .ToArray();
        var address = _to.Serialize();
        var last = Stopwatch.GetTimestamp();
        var due = 0.0;
        for (var next = 0; !_stopping.IsSet;)
        {
            var now = Stopwatch.GetTimestamp();
            var passed = Stopwatch.GetElapsedTime(last, now);
            last = now;
            due = _perSecond <= 0
                ? Group
                : Math.Min(
                    due + (_perSecond * passed.TotalSeconds), Math.Max(1, _perSecond * CatchUpMax.TotalSeconds));
            for (; due >= 1; next++)
            {
                var (group, length) = (_groups[next % _groups.Count], _lengths[next % _groups.Count]);
                var count = (int)Math.Min(due, group.Length / length);
                Send(senders[next % senders.Length], group.AsSpan(0, count * length), length, address);
                due -= count;
                Interlocked.Add(ref _sent, count);
            }

            if (_perSecond > 0) _stopping.Wait(TickMilliseconds);
        }
    }

    private static void Send(UdpSender sender, ReadOnlySpan<byte> group, int length, SocketAddress to)
    {
        if (group.Length > length && sender.TrySendSegments(group, length, to, out _)) return;
        for (var at = 0; at < group.Length; at += length) sender.Send(group.Slice(at, length), to);
    }
}
