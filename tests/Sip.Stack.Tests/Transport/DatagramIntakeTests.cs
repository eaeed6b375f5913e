using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class DatagramIntakeTests : IDisposable
{
    private const string Request = "OPTIONS sip:a@b SIP/2.0\r\n\r\n";
    private const string OwnResponse = "SIP/2.0 200 Own\r\n\r\n";
    private const string OtherResponse = "SIP/2.0 200 Other\r\n\r\n";

    private static readonly IPEndPoint Local = new(IPAddress.Loopback, 5060);

    private readonly FakeReader _reader = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CountingLog _log = new();
    private readonly RecordingSink _sink = new();

    public void Dispose() => _reader.Dispose();

    [Fact]
    public void Batch_OfAllKinds_OnlySipGoesUp_AndResponsesToTheFanoutFirst()
    {
        var intake = Create();
        string[] datagrams =
        [
            "\r\n\r\n", Request, "\u00ff\u0001", "text without end", "hello\r\nworld\r\n", OwnResponse, OtherResponse,
            "\r\n" + Request,
        ];
        var before = (SipMetrics.UdpDatagrams.Value, SipMetrics.Malformed.WithLabels("udp", "not_sip").Value);

        Take(intake, datagrams);

        Assert.Equal([Request, OtherResponse, Request], _sink.TakePassed());
        Assert.Equal(1, _sink.Taken);
        Assert.Equal(0, _sink.Depth);
        Assert.True(SipMetrics.UdpDatagrams.Value >= before.Item1 + datagrams.Length);
        Assert.True(SipMetrics.Malformed.WithLabels("udp", "not_sip").Value >= before.Item2 + 2);
    }

    [Fact]
    public void FullBatches_OfANearlyFullQueue_MostAreDropped_AnswersToDeliveriesAreNot()
    {
        var intake = Create();
        var before = SipMetrics.Shed.Value;
        _reader.Percent = 74;
        Take(intake, Full(Request, OwnResponse));
        Assert.Equal((32, 32), (_sink.TakePassed().Count, _sink.Taken));

        _reader.Percent = 75;
        Take(intake, Full(Request, OtherResponse));
        var passed = _sink.TakePassed();
        Assert.Equal((4, 4), (passed.Count(m => m == Request), passed.Count(m => m == OtherResponse)));
        Assert.True(SipMetrics.Shed.Value >= before + 56);
        Take(intake, Full(OtherResponse)); // That answer nothing we have sent.
        Assert.Equal(8, _sink.TakePassed().Count);

        _reader.Percent = 40; // not yet half of 75
        Take(intake, Full(Request, OwnResponse));
        Assert.Equal((19, 64), (_sink.TakePassed().Count, _sink.Taken));

        _reader.Percent = 37;
        Take(intake, Full(Request, OwnResponse));
        Assert.Equal((32, 96), (_sink.TakePassed().Count, _sink.Taken));
    }

    [Fact]
    public void Request_CarriesWhenItWasReadAndHowLongItLayInTheKernel()
    {
        var intake = Create();
        _time.Advance(TimeSpan.FromSeconds(3));
        _reader.Waited = TimeSpan.FromMilliseconds(40);
        Take(intake, OwnResponse, Request);
        Assert.Equal((_time.GetTimestamp(), _reader.Waited), (_sink.LastPeer.ReadAt, _sink.LastPeer.KernelWait));

        _time.Advance(TimeSpan.FromSeconds(1));
        _reader.Waited = TimeSpan.Zero;
        Take(intake, Request);
        Assert.Equal((_time.GetTimestamp(), _reader.Waited), (_sink.LastPeer.ReadAt, _sink.LastPeer.KernelWait));
    }

    [Fact]
    public void Batch_ThatIsNotFull_EndsSheddingWithoutAsking()
    {
        var intake = Create();
        _reader.Percent = 100;
        Take(intake, Full(Request));
        Assert.Single(_sink.TakePassed());
        var asked = _reader.TimesAsked;

        Take(intake, [.. Enumerable.Repeat(Request, 63)]);

        Assert.Equal(63, _sink.TakePassed().Count);
        Assert.Equal(asked, _reader.TimesAsked);
    }

    [Fact]
    public void Shedding_ThatComesAndGoes_IsLoggedOnceAMinute()
    {
        var intake = Create();
        for (var round = 0; round < 10; round++)
        {
            _reader.Percent = 100;
            Take(intake, Full(Request));
            Take(intake, Request);
        }

        Assert.Equal(1, _log.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        Take(intake, Full(Request));
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public void Stranger_WithNothingLeft_IsNotRead_ButItsAnswersToDeliveriesAre()
    {
        var gate = new SourceGate([IPNetwork.Parse("192.0.2.0/24")], 1, _time);
        var intake = Create(gate);
        _reader.Set(0, Request, SourceGateTests.Source("203.0.113.1"));
        _reader.Set(1, Request, SourceGateTests.Source("203.0.113.2"));
        _reader.Set(2, OtherResponse, SourceGateTests.Source("203.0.113.3"));
        _reader.Set(3, OwnResponse, SourceGateTests.Source("203.0.113.4"));
        _reader.Set(4, OtherResponse, SourceGateTests.Source("192.0.2.1"));

        intake.OnBatch(_reader, 5);

        Assert.Equal([Request, OtherResponse], _sink.TakePassed());
        Assert.Equal(1, _sink.Taken);
    }

    [Fact]
    public void Handler_Throws_TheRestOfTheBatchIsServed()
    {
        var intake = Create();

        Take(intake, "THROW sip:a@b SIP/2.0\r\n\r\n", Request);

        Assert.Equal([Request], _sink.TakePassed());
        Assert.Equal(0, _sink.Depth);
    }

    [Fact]
    public void Garbage_AndAnswersToDeliveries_AllocateNothing()
    {
        var intake = Create();
        string[] datagrams = [.. Enumerable.Repeat((string[])["text", "\u00ff", OwnResponse], 20).SelectMany(d => d)];
        for (var i = 0; i < datagrams.Length; i++) _reader.Set(i, datagrams[i], SourceGateTests.Source("192.0.2.1"));
        intake.OnBatch(_reader, datagrams.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) intake.OnBatch(_reader, datagrams.Length);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string[] Full(params string[] datagrams) =>
        [.. Enumerable.Range(0, DatagramReader.BatchMax).Select(i => datagrams[i % datagrams.Length])];

    private DatagramIntake Create(SourceGate? gate = null) => new(
        Local, new IncomingMessages(_sink, _sink, NullLogger.Instance), gate, shedAtPercent: 75, _time, _log);

    private void Take(DatagramIntake intake, params string[] datagrams)
    {
        for (var i = 0; i < datagrams.Length; i++) _reader.Set(i, datagrams[i], SourceGateTests.Source("192.0.2.1"));
        intake.OnBatch(_reader, datagrams.Length);
    }
}
