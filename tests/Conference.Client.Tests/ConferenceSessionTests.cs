using Conference.Client.Pages;
using Conference.Client.Requests;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Conference.Client.Tests.ModelData;

namespace Conference.Client.Tests;

/// <summary>The session without sockets: messages in, requests out.</summary>
public sealed class ConferenceSessionTests : IAsyncDisposable
{
    private readonly RecordingCarrier _carrier;
    private readonly Queue<long> _revisions = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ListDownload _download = new();
    private readonly ConferenceSession _session;

    public ConferenceSessionTests()
    {
        var options = new ConferenceClientOptions { Identity = Ana, Server = new(System.Net.IPAddress.Loopback, 1) };
        _carrier = new RecordingCarrier(_ => new CarrierAnswer(
            202, "Accepted", null, _revisions.TryDequeue(out var revision) ? revision : 2));
        _session = new ConferenceSession(
            Here, options, _carrier, new PageStore(1 << 20), _download, _time);
    }

    [Fact]
    public async Task Gap_AsksForResyncOnceUntilTheAnswerIsOverdue()
    {
        _session.Take(Notify(Created()));

        _session.Take(Notify(Event(3, new ChatSaid("c"))));
        _session.Take(Notify(Event(4, new ChatSaid("d"))));
        Assert.Equal(new Resync(1), (await _carrier.Sent.ReadAsync()).Action);
        Assert.Equal((2L, 1L), (_session.Counters.Gaps, _session.Counters.Resyncs));

        _time.Advance(TimeSpan.FromSeconds(6));
        _session.Take(Notify(Event(5, new ChatSaid("e"))));
        Assert.Equal(new Resync(1), (await _carrier.Sent.ReadAsync()).Action);

        _session.Take(Notify(Event(2, new ChatSaid("b")), Event(3, new ChatSaid("c"))));
        Assert.Equal(3, _session.Model.Revision);
    }

    [Fact]
    public async Task DifferingBoard_AsksForASnapshotAndTakesIt()
    {
        var before = AfterCreation();
        var right = Drawn(before, 2, new PutMark(Placed("m", 2)));
        var wrong = right with
        {
            Body = ((BoardChanged)right.Body) with { Changes = [new PutMark(Placed("other", 2))] },
        };
        _session.Take(Notify(Created()));

        _session.Take(Notify(wrong));
        Assert.Equal(new Resync(0), (await _carrier.Sent.ReadAsync()).Action);
        var after = before with
        {
            Revision = 2,
            Boards = before.Boards.SetItem(Page, before.BoardOf(Page).Apply(((BoardChanged)right.Body).Changes)),
        };
        _session.Take(SnapshotOf(after));

        Assert.Equal(after.DigestOfAllBoards(), _session.Model.DigestOfAllBoards());
        Assert.Equal(1, _session.Counters.BoardsDiffered);
    }

    [Fact]
    public void Events_AreHandedOutOnceAndInOrder()
    {
        var seen = new List<long>();
        _session.EventApplied += (happened, _) => seen.Add(happened.Revision);

        _session.Take(Notify(Created()));
        _session.Take(Notify(Event(2, new ChatSaid("a")), Event(3, new ChatSaid("b"))));
        _session.Take(Notify(Event(2, new ChatSaid("a")), Event(3, new ChatSaid("b"))));

        Assert.Equal([1L, 2L, 3L], seen);
        Assert.Equal(1, _session.Counters.Repeated);
    }

    [Fact]
    public void PageContent_InParts_IsKeptWhenItsDigestFits()
    {
        var page = Describe([1, 2, 3]);

        _session.Take(new PageContent(Here, page, 2, 2, new byte[] { 3 }, null, null));
        _session.Take(new PageContent(Here, page, 1, 2, new byte[] { 1, 2 }, null, null));

        Assert.True(_session.Pages.Contains(page.Digest));
    }

    [Fact]
    public void PageContent_WithOtherDigest_IsCountedAndNotKept()
    {
        _session.Take(new PageContent(Here, Describe([1, 2, 3]), 1, 1, new byte[] { 1, 2, 4 }, null, null));

        Assert.False(_session.Pages.Contains(Describe([1, 2, 3]).Digest));
        Assert.Equal(1, _session.Counters.BadPages);
    }

    [Fact]
    public async Task PageContent_ByReference_IsDownloadedAndChecked()
    {
        _download.Files["http://x/1"] = [1, 2, 3];
        _session.Take(Notify(
            Created(), Event(2, new DocumentShared("doc", "Case", 1)), Event(3, new PageShared(Describe([1, 2, 3])))));
        Assert.Equal(Page, Assert.Single(_session.MissingPages).Page);

        _session.Take(new PageContent(Here, Describe([1, 2, 3]), 1, 1, default, "http://x/1", At));
        await _session.FetchMissingPagesAsync(TimeSpan.FromSeconds(20));

        Assert.Empty(_session.MissingPages);
    }

    [Fact]
    public async Task FetchPage_AsksTheServerAndWaits()
    {
        _session.Take(Notify(
            Created(), Event(2, new DocumentShared("doc", "Case", 1)), Event(3, new PageShared(Describe([7])))));

        var fetching = _session.FetchPageAsync(Page);
        Assert.Equal(new FetchPage(Page), (await _carrier.Sent.ReadAsync()).Action);
        _session.Take(new PageContent(Here, Describe([7]), 1, 1, new byte[] { 7 }, null, null));

        Assert.Equal([7], (await fetching).ToArray());
    }

    [Fact]
    public async Task Save_WaitsForTheFileOfItsOwnRequest()
    {
        _session.Take(Notify(Created()));

        var saving = _session.SaveAsync();
        await _carrier.Sent.ReadAsync();
        var saved = new ConferenceSaved("file-1", 3, ContentDigest.OfHex([1, 2, 3]), []);
        _session.Take(Notify(
            Event(2, new SaveAwaited()) with { Author = Ana }, Event(3, saved) with { Author = Ana }));
        Assert.False(saving.IsCompleted);
        _session.Take(new SavedFile(Here, "file-1", 3, saved.Digest, "http://x/f", At));
        var file = await saving;

        _download.Files["http://x/f"] = [1, 2, 3];
        Assert.Equal([1, 2, 3], await _session.DownloadAsync(file));
        _download.Files["http://x/f"] = [1, 2, 4];
        await Assert.ThrowsAsync<IOException>(() => _session.DownloadAsync(file));
    }

    [Fact]
    public async Task Save_ThatFails_SaysWhy()
    {
        _session.Take(Notify(Created()));

        var saving = _session.SaveAsync();
        await _carrier.Sent.ReadAsync();
        _session.Take(Notify(Event(2, new SaveFailed("too_large")) with { Author = Ana }));

        Assert.Equal("too_large", (await Assert.ThrowsAsync<SaveFailedException>(() => saving)).Reason);
    }

    [Fact]
    public async Task Parts_WithoutAnEventAtTheEnd_GoAllAgain()
    {
        _revisions.Enqueue(0); // part 1, then the server restarts
        _revisions.Enqueue(0); // part 2, alone
        _revisions.Enqueue(0);
        _revisions.Enqueue(5);
        var content = new byte[150_000];
        var source = new MemoryPageSource("doc", "Case", [new PageImage(10, 20, MediaTypes.Png, content)]);

        var result = await _session.SendPageAsync(source, 1);

        Assert.Equal(5, result.Revision);
        var parts = new List<int>();
        while (_carrier.Sent.TryRead(out var request)) parts.Add(Assert.IsType<SharePage>(request.Action).Part);
        Assert.Equal([1, 2, 1, 2], parts);
    }

    [Fact]
    public async Task WaitFor_WithoutTheCondition_TimesOut()
    {
        var waiting = _session.WaitForRevisionAsync(5, TimeSpan.FromSeconds(3));

        _time.Advance(TimeSpan.FromSeconds(4));

        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
    }

    [Fact]
    public async Task Messages_AfterTheEnd_AreIgnored()
    {
        await _session.DisposeAsync();

        _session.Take(Notify(Created()));

        Assert.Equal(0, _session.Model.Revision);
        Assert.Equal(RequestOutcome.Cancelled, (await _session.SayAsync("x")).Outcome);
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private sealed class ListDownload : IFileDownload
    {
        internal Dictionary<string, byte[]> Files { get; } = [];

        public Task<byte[]?> ReadAsync(string href, long bytesMax, CancellationToken cancel) =>
            Task.FromResult(Files.GetValueOrDefault(href));
    }
}
