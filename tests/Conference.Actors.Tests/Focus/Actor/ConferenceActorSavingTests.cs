using Akka.Actor;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Microsoft.Extensions.Logging;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Actor;

public class ConferenceActorSavingTests : ActorBench
{
    [Fact]
    public async Task Save_WhoseEventWouldBeTooLarge_FailsByNameAndIsNotTriedForever()
    {
        var actor = Start();
        await AcceptAsync(actor, Chair, Create());
        for (var i = 0; i < 4; i++)
        {
            // 20,000 missing pages with long names: the list of them is more than an event may have.
            await AcceptAsync(actor, Chair, new ShareDocument($"{i}{new string('d', 60)}", "Long.doc", 5_000));
        }

        await AskAsync(actor, Command(Chair, new SaveConference(), "save-1"));
        Advance(Options.SaveTimeout);
        await EventuallyAsync(actor, () => Assert.Equal(new SaveFailed("too_large"), Fanout.Events[^1].Body));
        Assert.Equal("save-1", Assert.Single(Fanout.Sent<Refusal>()).Message.RequestId);
        Assert.Empty(Fanout.State!.AwaitedSaves);
    }

    [Fact]
    public async Task Save_WhoseSharerMayNotShareAnyMore_DoesNotWaitForIt()
    {
        var actor = Start();
        await AcceptAsync(actor, Chair, Create());
        await AcceptAsync(actor, Chair, new GrantRights(Ann, Rights.Share));
        await AcceptAsync(actor, Ann, new ShareDocument("e", "Anns.doc", 2));
        await AcceptAsync(actor, Chair, new SetRole(Ann, Role.Observer));
        await AcceptAsync(actor, Chair, new SaveConference());
        await EventuallyAsync(actor, () => Assert.IsType<ConferenceSaved>(Fanout.Events[^1].Body));
        Assert.Empty(Fanout.Sent<PageRequest>());
        Assert.Equal(2, ((ConferenceSaved)Fanout.Events[^1].Body).MissingPages.Length);
    }

    [Fact]
    public async Task EndOfASave_InARoundThatFindsAPageLost_IsNotForgotten()
    {
        var blobs = new LosingBlobs(Blobs);
        var log = new SaveLog();
        var actor = Shard.ChildActorOf(
            ConferenceActor.PropsFor(FocusData.Uri, Services() with { Blobs = blobs, Log = log }),
            SupervisorStrategy.DefaultStrategy);
        await AcceptAsync(actor, Chair, Create());
        await AcceptAsync(actor, Chair, new ShareDocument("d", "One.doc", 1));
        await AcceptAsync(actor, Chair, Share(PageOne));
        await AcceptAsync(actor, Chair, new SaveConference());
        await blobs.FileReached.WaitAsync(TimeSpan.FromSeconds(10));
        blobs.HasLostPages = true;
        Task<object> fetched;
        using (Faults.Hold())
        {
            var said = AskAsync(actor, Command(Ann, new Say("holds")));
            fetched = AskAsync(actor, Command(Ann, new FetchPage(PageOne)));
            await SettleAsync(actor);
            blobs.FailFile();
            await log.Failed.WaitAsync(TimeSpan.FromSeconds(10));
            Assert.False(said.IsCompleted);
        }

        Assert.Equal(new CommandOutcome.Refused(RefuseReason.PageMissing), await fetched);
        await EventuallyAsync(actor, () => Assert.IsType<SaveFailed>(Fanout.Events[^1].Body));
    }

    /// <summary>Pages can be lost; the saved file cannot be put, and fails when the test says so.</summary>
    private sealed class LosingBlobs(IBlobStore inner) : IBlobStore
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal volatile bool HasLostPages;

        internal Task FileReached => _reached.Task;

        internal void FailFile() => _failed.SetException(new StoreUnavailableException("as the test wishes"));

        public async ValueTask PutAsync(
            string digest, ReadOnlyMemory<byte> content, TimeSpan lifetime, CancellationToken cancel)
        {
            if (content.Span.StartsWith("PK"u8))
            {
                _reached.TrySetResult();
                await _failed.Task;
            }

            await inner.PutAsync(digest, content, lifetime, cancel);
        }

        public ValueTask<ReadOnlyMemory<byte>?> GetAsync(string digest, CancellationToken cancel) =>
            inner.GetAsync(digest, cancel);

        public ValueTask<bool> ContainsAsync(string digest, CancellationToken cancel) =>
            HasLostPages ? new ValueTask<bool>(false) : inner.ContainsAsync(digest, cancel);

        public ValueTask<int> RemoveExpiredAsync(CancellationToken cancel) => inner.RemoveExpiredAsync(cancel);
    }

    private sealed class SaveLog : ILogger
    {
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Failed => _failed.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 2007) _failed.TrySetResult();
        }
    }
}
