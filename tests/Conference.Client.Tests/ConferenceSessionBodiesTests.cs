using System.Text;
using Conference.Client.Pages;
using Conference.Client.Requests;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Conference.Client.Tests.ModelData;

namespace Conference.Client.Tests;

/// <summary>Bodies by reference without sockets: the download ends when and as the test says.</summary>
public sealed class ConferenceSessionBodiesTests : IAsyncDisposable
{
    private const string Href = "https://as.example/bodies/1?token=t";
    private static readonly byte[] Body = ServerMessageWriter.Write(Notify(Created()));

    private readonly FakeTimeProvider _time = new();
    private readonly HeldDownload _download = new();
    private readonly ConferenceSession _session;

    public ConferenceSessionBodiesTests()
    {
        var options = new ConferenceClientOptions { Identity = Ana, Server = new(System.Net.IPAddress.Loopback, 1) };
        _session = new ConferenceSession(
            Here, options, new NoCarrier(), new PageStore(1 << 20), _download, _time);
    }

    [Fact]
    public async Task BodyReference_IsTakenOnlyWhenItsBodyIsHere()
    {
        var taking = _session.TakeAsync(ReferenceTo(Body)).AsTask();
        Assert.False(taking.IsCompleted);
        Assert.Equal((Href, Body.Length), Assert.Single(_download.Asked));
        Assert.Equal(0, _session.Model.Revision);

        _download.End(Body);

        Assert.Equal(TakeOutcome.Taken, await taking);
        Assert.Equal((1L, 1L, 0L), (_session.Model.Revision, _session.Counters.BodiesFetched, BadBodies));
    }

    [Fact]
    public async Task BodyReference_SentAgain_ChangesNothing()
    {
        for (var i = 0; i < 2; i++)
        {
            var taking = _session.TakeAsync(ReferenceTo(Body));
            _download.End(Body);
            Assert.Equal(TakeOutcome.Taken, await taking);
        }

        Assert.Equal((1L, 1L), (_session.Model.Revision, _session.Counters.Repeated));
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("short")]
    [InlineData("long")]
    [InlineData("other")]
    public async Task BodyReference_WhoseBodyIsNotWhatWasAnnounced_IsNotTaken(string what)
    {
        var taking = _session.TakeAsync(ReferenceTo(Body));
        _download.End(what switch
        {
            "short" => Body[..^1],
            "long" => [.. Body, (byte)'\n'],
            "other" => Encoding.UTF8.GetBytes(
                Encoding.UTF8.GetString(Body).Replace("Ward round", "Ward ROUND", StringComparison.Ordinal)),
            _ => null,
        });

        Assert.Equal(TakeOutcome.NotFetched, await taking);
        Assert.Equal((0L, 1L, 0L), (_session.Model.Revision, BadBodies, _session.Counters.BodiesFetched));
    }

    [Fact]
    public async Task BodyReference_BeyondTheBodyLimit_IsNotFetched()
    {
        var reference = ReferenceTo(Body) with { BodyBytes = ProtocolLimits.Default.BodyBytesMax + 1L };

        Assert.Equal(TakeOutcome.NotFetched, await _session.TakeAsync(reference));

        Assert.Empty(_download.Asked);
    }

    [Fact]
    public async Task BodyReference_ThatTakesTooLong_IsGivenUp()
    {
        var taking = _session.TakeAsync(ReferenceTo(Body)).AsTask();

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(taking.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TakeOutcome.NotFetched, await taking);
        Assert.Equal(1, BadBodies);
    }

    [Fact]
    public async Task BodyReference_WhenTheSessionEnds_IsGivenUp()
    {
        var taking = _session.TakeAsync(ReferenceTo(Body));

        await _session.DisposeAsync();

        Assert.Equal(TakeOutcome.NotFetched, await taking);
    }

    [Fact]
    public async Task BodyReference_InsideABodyByReference_IsNotFollowed() =>
        await AssertNotValidAsync(ServerMessageWriter.Write(ReferenceTo(Body)));

    [Fact]
    public async Task BodyReference_ToABodyOfAnotherConference_IsNotTaken() =>
        await AssertNotValidAsync(ServerMessageWriter.Write(
            Notify(Created()) with { Conference = ConferenceUri.Parse("sip:conf-2@conf.example") }));

    [Fact]
    public async Task BodyReference_ToWhatIsNoBody_IsNotTaken() =>
        await AssertNotValidAsync(Encoding.UTF8.GetBytes("<!DOCTYPE html><html/>"));

    [Fact]
    public async Task BodyReference_BeyondThoseAtATime_IsRefusedUntilOneHasEnded()
    {
        var first = _session.TakeAsync(ReferenceTo(Body));
        var second = _session.TakeAsync(ReferenceTo(Body));

        Assert.Equal(TakeOutcome.TooManyFetches, await _session.TakeAsync(ReferenceTo(Body)));
        _download.End(null);
        Assert.Equal(TakeOutcome.NotFetched, await first);
        var third = _session.TakeAsync(ReferenceTo(Body));
        _download.End(Body);
        _download.End(Body);

        Assert.Equal((TakeOutcome.Taken, TakeOutcome.Taken), (await second, await third));
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private long BadBodies => _session.Counters.BadBodies;

    private static BodyReference ReferenceTo(byte[] body) =>
        new(Here, Href, At, body.Length, ContentDigest.OfHex(body));

    private async Task AssertNotValidAsync(byte[] body)
    {
        var taking = _session.TakeAsync(ReferenceTo(body));
        _download.End(body);

        Assert.Equal(TakeOutcome.NotValid, await taking);
        Assert.Equal(0, _session.Model.Revision);
        Assert.Single(_download.Asked);
    }

    private sealed class HeldDownload : IFileDownload
    {
        private readonly Queue<TaskCompletionSource<byte[]?>> _open = new();

        internal List<(string Href, long BytesMax)> Asked { get; } = [];

        public Task<byte[]?> ReadAsync(string href, long bytesMax, CancellationToken cancel)
        {
            Asked.Add((href, bytesMax));
            var one = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _open.Enqueue(one);
            return one.Task.WaitAsync(cancel);
        }

        internal void End(byte[]? content) => _open.Dequeue().SetResult(content);
    }

    private sealed class NoCarrier : IRequestCarrier
    {
        public Task<CarrierAnswer> SendAsync(string uri, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
            throw new InvalidOperationException("No request was to be made.");
    }
}
