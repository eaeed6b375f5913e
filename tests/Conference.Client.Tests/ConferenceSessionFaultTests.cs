using System.Collections.Immutable;
using Conference.Client.Pages;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Conference.Client.Tests.ModelData;

namespace Conference.Client.Tests;

/// <summary>The session when the server, the network or the application does what it should not.</summary>
public sealed class ConferenceSessionFaultTests : IAsyncDisposable
{
    private readonly RecordingCarrier _carrier = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FailingDownload _download = new();
    private readonly ConferenceSession _session;

    public ConferenceSessionFaultTests()
    {
        var options = new ConferenceClientOptions
        {
            Identity = Ana,
            Server = new(System.Net.IPAddress.Loopback, 1),
            QueueLengthMax = 8,
            PageDownloadsMax = 2,
            FileBytesMax = 100,
        };
        _session = new ConferenceSession(Here, options, _carrier, new PageStore(1 << 20), _download, _time);
    }

    [Fact]
    public async Task Snapshots_WhoseDigestsAreAlwaysOthers_AreNotAskedForWithoutPause()
    {
        var bad = SnapshotOf(AfterCreation()) with { Boards = [Board.Empty.ToState(Page) with { BoardDigest = "00" }] };

        for (var i = 0; i < 10; i++) _session.Take(bad);

        var counters = _session.Counters;
        Assert.Equal((10L, 1L, 0L), (counters.BoardsDiffered, counters.Resyncs, _session.Model.Revision));
        _time.Advance(TimeSpan.FromSeconds(6));
        _session.Take(bad);
        Assert.Equal(2, counters.Resyncs);
        Assert.Equal(new Resync(0), await _carrier.NextAsync());
    }

    [Fact]
    public async Task Join_WithABadSnapshot_AsksForAnother()
    {
        var right = SnapshotOf(AfterCreation() with { Revision = 2 });
        var joining = _session.JoinAsync();
        await _carrier.NextAsync();

        _session.Take(right with { Boards = [Board.Empty.ToState(Page) with { BoardDigest = "00" }] });
        Assert.Equal(new Resync(0), await _carrier.NextAsync());
        Assert.False(joining.IsCompleted);
        _session.Take(right);

        Assert.True((await joining).IsAccepted);
    }

    [Fact]
    public async Task Condition_ThatThrowsLater_EndsItsOwnWaitOnly()
    {
        _session.Take(Notify(Created()));
        var broken = _session.WaitForAsync(
            model => model.Revision > 1 && model.Documents["absent"].PageCount > 0, TimeSpan.FromHours(1));
        var sound = UntilAsync(() => _session.Model.Revision == 2);

        Assert.Equal(TakeOutcome.Taken, _session.Take(Notify(Event(2, new ChatSaid("a")))));

        await Assert.ThrowsAsync<KeyNotFoundException>(() => broken);
        await sound;
    }

    [Fact]
    public async Task PageRequest_ForAPageWhoseSourceFails_IsAnswered()
    {
        _session.Offer(new FailingSource());

        _session.Take(new PageRequest(Here, [Page]));

        Assert.Equal(new PageUnavailable(Page, "not readable"), await _carrier.NextAsync());
    }

    [Fact]
    public async Task PageRequest_ForMorePagesThanTheQueueTakes_IsAnsweredWhole()
    {
        ImmutableArray<PageRef> pages = [.. Enumerable.Range(1, 500).Select(number => new PageRef("doc", number))];

        _session.Take(new PageRequest(Here, pages));
        _session.Take(new PageRequest(Here, pages[400..])); // asked again meanwhile: answered at least once each

        var answered = new HashSet<PageRef>();
        while (answered.Count < 500)
        {
            answered.Add(Assert.IsType<PageUnavailable>(await _carrier.NextAsync()).Page);
        }
    }

    [Fact]
    public async Task Download_ThatBreaks_MayBeBegunAgain()
    {
        var page = Describe([1, 2, 3]);
        var reference = new PageContent(Here, page, 1, 1, default, "http://x/1", At);
        Assert.Equal(TakeOutcome.Taken, _session.Take(reference));
        (await _download.NextAsync()).SetException(new TaskCanceledException("the library gave up"));
        await UntilAsync(() => _session.Counters.BadPages == 1);

        _session.Take(reference);
        (await _download.NextAsync()).SetResult([1, 2, 3]);

        await UntilAsync(() => _session.Pages.Contains(page.Digest));
    }

    [Fact]
    public async Task Downloads_BeyondTheLimit_AreRefusedForNow()
    {
        PageContent Reference(byte content) =>
            new(Here, Describe([content], new PageRef("doc", content)), 1, 1, default, $"http://x/{content}", At);

        Assert.Equal(TakeOutcome.Taken, _session.Take(Reference(1)));
        Assert.Equal(TakeOutcome.Taken, _session.Take(Reference(2)));
        Assert.Equal(TakeOutcome.Taken, _session.Take(Reference(2))); // the same one: on its way already
        Assert.Equal(TakeOutcome.TooManyFetches, _session.Take(Reference(3)));

        (await _download.NextAsync()).SetResult(null);
        await UntilAsync(() => _session.Counters.BadPages == 1);
        Assert.Equal(TakeOutcome.Taken, _session.Take(Reference(3)));
    }

    [Fact]
    public async Task Save_ThatTakesTheServerAMinute_IsWaitedFor_AndAnOlderReferenceDoesNotCount()
    {
        var saved = new ConferenceSaved("file-1", 3, ContentDigest.OfHex([1, 2, 3]), []);
        _session.Take(Notify(Created()));
        _session.Take(new SavedFile(Here, "file-1", 3, saved.Digest, "http://x/old", At));

        var saving = _session.SaveAsync();
        await _carrier.NextAsync();
        _session.Take(Notify(Event(2, new SaveAwaited()) with { Author = Ana }));
        _time.Advance(TimeSpan.FromSeconds(61));
        _session.Take(Notify(Event(3, saved) with { Author = Ana }));
        Assert.False(saving.IsCompleted);
        _session.Take(new SavedFile(Here, "file-1", 3, saved.Digest, "http://x/new", At));

        Assert.Equal("http://x/new", (await saving).Href);
    }

    [Fact]
    public async Task Download_OfAFileLargerThanAllowed_IsNotBegun()
    {
        var file = new SavedFile(Here, "file-1", 101, ContentDigest.OfHex([1]), "http://x/f", At);

        await Assert.ThrowsAsync<IOException>(() => _session.DownloadAsync(file));

        Assert.False(_download.IsAsked);
    }

    [Fact]
    public async Task Session_EndedTwice_TakesNothingAndTellsTheServerToTryLater()
    {
        await _session.DisposeAsync();
        await _session.DisposeAsync();

        Assert.Equal(TakeOutcome.Closed, await _session.TakeAsync(Notify(Created())));
        Assert.Equal(TakeOutcome.Closed, await _session.TakeAsync(
            new BodyReference(Here, "http://x/b", At, 1, ContentDigest.OfHex([1]))));
        Assert.Equal(0, _session.Model.Revision);
        Assert.Equal(480, TakeOutcomes.Describe(TakeOutcome.Closed).Status);
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private Task UntilAsync(Func<bool> condition) =>
        _session.WaitForAsync(_ => condition(), TimeSpan.FromHours(1)).WaitAsync(TimeSpan.FromMinutes(1));

    private sealed class FailingSource : IPageSource
    {
        public string DocumentId => Page.DocumentId;

        public string Name => "Case";

        public int PageCount => 1;

        public ValueTask<PageImage?> ReadPageAsync(int number, CancellationToken cancel) =>
            throw new UnauthorizedAccessException("The scanner is locked.");
    }

    /// <summary>Each download ends when and as the test says.</summary>
    private sealed class FailingDownload : IFileDownload
    {
        private readonly System.Threading.Channels.Channel<TaskCompletionSource<byte[]?>> _asked =
            System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource<byte[]?>>();

        internal bool IsAsked => _asked.Reader.TryPeek(out _);

        internal async Task<TaskCompletionSource<byte[]?>> NextAsync() =>
            await _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

        public Task<byte[]?> ReadAsync(string href, long bytesMax, CancellationToken cancel)
        {
            var one = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Writer.TryWrite(one);
            return one.Task.WaitAsync(cancel);
        }
    }
}
