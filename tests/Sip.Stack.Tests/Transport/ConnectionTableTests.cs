using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class ConnectionTableTests
{
    private static readonly IPEndPoint Local = new(IPAddress.Loopback, 5060);

    private readonly FakeTimeProvider _time = new();
    private readonly CountingLog _log = new();
    private readonly List<(SipConnection Connection, LinkReason Reason)> _ends = [];
    private int _lastPort;

    [Fact]
    public void EveryLinkReason_HasALabelOfItsOwn()
    {
        var labels = Enum.GetValues<LinkReason>().Select(ConnectionTable.Label).ToList();
        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.All(labels, label => Assert.Matches("^[a-z_]+$", label));
    }

    [Fact]
    public void UnfinishedMessages_BeyondTheLimit_ThoseThatBeganFirstAreClosed()
    {
        var table = Create(new SipTransportOptions { UnfinishedBytesMax = 1_600 });
        var streams = Enumerable.Range(0, 5).Select(_ => Begin(table)).ToArray();
        foreach (var stream in streams[..4]) Assert.True(stream.TryHold(400));
        Assert.Empty(_ends);

        Assert.True(streams[4].TryHold(100)); // Down to fifteen sixteenths.
        Assert.Equal([(streams[0], LinkReason.UnfinishedLimit)], _ends);
        Assert.False(streams[0].TryHold(100));
        Assert.True(streams[4].TryHold(400)); // What the closed one held is free.
        Assert.Single(_ends);

        Assert.False(streams[1].TryHold(800)); // It asks, and it is the oldest.
        Assert.Equal((streams[1], LinkReason.UnfinishedLimit), _ends[^1]);
        foreach (var stream in streams[2..]) Assert.True(stream.TryHold(0));
        Assert.True(Begin(table).TryHold(1_600));
        Assert.Equal(2, _ends.Count);
    }

    [Fact]
    public void Streams_ThatComeIn_LeaveATenthForThoseThatWeOpen()
    {
        var table = Create(new SipTransportOptions { ConnectionsMax = 20 });
        for (var i = 0; i < 18; i++) Assert.NotNull(Add(table, isInbound: true));

        Assert.Null(Add(table, isInbound: true));
        Assert.NotNull(Add(table));
        Assert.NotNull(Add(table));
        Assert.Null(Add(table));
    }

    [Fact]
    public void Streams_OfUntrustedAddresses_HaveFewPlaces_TheOthersAll()
    {
        var table = Create(new SipTransportOptions
        {
            ConnectionsMax = 20, ConnectionsUntrustedMax = 2, TrustedNetworks = [IPNetwork.Parse("198.51.100.0/24")],
        });
        var ends = SipMetrics.ConnectionEnds.WithLabels("untrusted_limit");
        var before = ends.Value;
        var first = Add(table, isInbound: true)!;
        Assert.NotNull(Add(table, isInbound: true));

        Assert.Null(Add(table, isInbound: true));
        Assert.Equal(before + 1, ends.Value);
        Assert.NotNull(Add(table)); // That one is ours.
        for (var i = 0; i < 10; i++) Assert.NotNull(Add(table, isInbound: true, "198.51.100.7"));
        Assert.Null(Add(table, isInbound: true));

        first.Close(LinkReason.ClosedByOwner);
        Assert.NotNull(Add(table, isInbound: true));
        Assert.Null(Add(table, isInbound: true));
    }

    [Fact]
    public void Limit_ReachedOften_IsLoggedOnceAMinute()
    {
        var table = Create(new SipTransportOptions { ConnectionsMax = 1 });
        Assert.NotNull(Add(table));
        for (var i = 0; i < 100; i++) Assert.Null(Add(table, isInbound: true));

        Assert.Equal(1, _log.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(Add(table, isInbound: true));
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public void Stream_ThatIsNeverOpened_IsEndedByTheSweep()
    {
        var table = Create(new SipTransportOptions { ConnectTimeout = TimeSpan.FromSeconds(4) });
        var stream = Add(table)!;
        _time.Advance(TimeSpan.FromSeconds(5));
        table.Sweep();
        Assert.Empty(_ends); // Whoever opens it has its time-out, and a second.

        _time.Advance(TimeSpan.FromSeconds(1));
        table.Sweep();

        Assert.Equal([(stream, LinkReason.ConnectTimeout)], _ends);
        Assert.Equal(0, table.Count);
    }

    private SipConnection Begin(ConnectionTable table)
    {
        var stream = Add(table)!;
        _time.Advance(TimeSpan.FromSeconds(1));
        stream.OnUnfinished(true);
        return stream;
    }

    private SipConnection? Add(ConnectionTable table, bool isInbound = false, string from = "192.0.2.1") =>
        table.TryAdd(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Parse(from), ++_lastPort), Local, isInbound);

    private ConnectionTable Create(SipTransportOptions options) =>
        new(options, _time, _log, (connection, reason) => _ends.Add((connection, reason)));
}
