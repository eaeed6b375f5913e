using System.Net;
using Microsoft.Extensions.Logging;

namespace Sip.Stack.Transport;

/// <summary>What becomes of the datagrams of one socket: garbage ends here, answers to deliveries go first, and what is
/// left goes up with its peer. Of the receive thread alone; allocates nothing for a known peer.</summary>
internal sealed class DatagramIntake
{
    /// <summary>Known sources per socket: an IMS core has few, the members of a Standalone server are many.</summary>
    private const int PeersMax = 16_384;

    private static readonly TimeSpan LogPause = TimeSpan.FromMinutes(1);

    private readonly IPEndPoint _local;
    private readonly IncomingMessages _incoming;
    private readonly SourceGate? _gate;
    private readonly int _shedAtPercent;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PeerTable _peers;
    private readonly int[] _kinds = new int[Enum.GetValues<DatagramKind>().Length]; // Of the batch.
    private int _passedMax; // Of the batch, as the next four.
    private int _passed;
    private int _shed;
    private int _strange;
    private int _requests; // Of sources that are read, shed or not.
    private long _readAt; // Of the batch; 0 while nobody needs it, as its wait.
    private TimeSpan _kernelWait;
    private long? _loggedAt;

    /// <param name="local">Where the datagrams arrive.</param>
    /// <param name="incoming">Takes what is SIP.</param>
    /// <param name="gate">Which sources are read; null for all.</param>
    /// <param name="shedAtPercent">See <see cref="SipTransportOptions.UdpShedAtPercent"/>.</param>
    /// <param name="time">For when a request was read, and how often it is logged.</param>
    /// <param name="log">Where to.</param>
    internal DatagramIntake(
        IPEndPoint local, IncomingMessages incoming, SourceGate? gate, int shedAtPercent, TimeProvider time,
        ILogger log)
    {
        _local = local;
        _incoming = incoming;
        _gate = gate;
        _shedAtPercent = shedAtPercent;
        _time = time;
        _log = log;
        _peers = new PeerTable(local.AddressFamily, PeersMax);
    }

    /// <summary>Keeps requests out while too many arrive; null where that cannot be done.</summary>
    internal RequestDoor? Door { get; init; }

    /// <summary>Whether most of what is no answer to a delivery is dropped unread.</summary>
    internal bool IsShedding { get; private set; }

    /// <summary>Deals with what a reader has taken.</summary>
    internal void OnBatch(DatagramReader reader, int count)
    {
        Judge(reader, count);
        _incoming.BeginBatch();
        try
        {
            for (var i = 0; i < count; i++) OnDatagram(reader, i);
        }
        finally
        {
            _incoming.EndBatch();
            CountBatch(count);
        }
    }

    // A batch that is not full has emptied the queue: nothing has to be asked then.
    private void Judge(DatagramReader reader, int count)
    {
        var percent = count == DatagramReader.BatchMax ? reader.QueuePercent() : 0;
        var isShedding = ShedRule.Next(IsShedding, percent, _shedAtPercent);
        _passedMax = ShedRule.PassedOf(isShedding, percent);
        if (isShedding == IsShedding) return;
        IsShedding = isShedding;

        // It may come and go many times a second: the counter tells how much, the log only that.
        if (!isShedding || (_loggedAt is { } at && _time.GetElapsedTime(at) < LogPause)) return;
        _loggedAt = _time.GetTimestamp();
        TransportLog.Shedding(_log, _local, percent);
    }

    private void OnDatagram(DatagramReader reader, int index)
    {
        var source = reader.Source(index);
        var kind = DatagramKinds.Read(reader.Datagram(index), out var message);
        _kinds[(int)kind]++;
        switch (kind)
        {
            case DatagramKind.Response when _incoming.TryIntercept(message, SipTransportKind.Udp):
                break;
            case DatagramKind.Response or DatagramKind.Request when _gate is not null && !_gate.Admits(source):
                _strange++;
                break;
            case DatagramKind.Response or DatagramKind.Request when _passed >= _passedMax:
                // Responses to other requests alike, few as they are: those that answer nothing cost a parse each, too.
                _shed++;
                if (kind == DatagramKind.Request) _requests++;
                break;
            case DatagramKind.Response or DatagramKind.Request:
                _passed++;
                if (kind == DatagramKind.Request) _requests++;
                if (_readAt == 0) (_readAt, _kernelWait) = (_time.GetTimestamp(), reader.KernelWait());
                _incoming.Pass(message, new SipPeer(SipTransportKind.Udp, _peers.Find(source), _local, null)
                {
                    ReadAt = _readAt, KernelWait = _kernelWait,
                });
                break;
        }
    }

    private void CountBatch(int count)
    {
        SipMetrics.UdpBatches.Inc();
        SipMetrics.UdpDatagrams.Inc(count);
        if (_requests > 0) Door?.Note(_requests, IsShedding);
        if (_shed > 0) SipMetrics.Shed.Inc(_shed);
        if (_strange > 0) SipMetrics.Strange.Inc(_strange);
        (_passed, _shed, _strange, _requests) = (0, 0, 0, 0);
        _readAt = 0;
        SipMetrics.CountKinds(_kinds);
        Array.Clear(_kinds);
    }
}
