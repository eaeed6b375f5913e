using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

/// <summary>What a participant takes in memory. Alone: it reads the size of the whole heap.</summary>
[CollectionDefinition(nameof(FanoutMemoryTests), DisableParallelization = true)]
[Collection(nameof(FanoutMemoryTests))]
public sealed class FanoutMemoryTests
{
    private const int Participants = 10_000;

    // Of it 84 for an identity of 31 characters, 104 for the recipient, 24 in the roster, 8 in the table.
    private const double BytesMax = 240;

    private readonly ConferenceUri _uri = ConferenceUri.Parse("sip:conf-1@conf.example");

    [Fact]
    public void Recipient_IsOneObject_OfAtMost104Bytes()
    {
        using var engine = Held.Engine(new OneLink(isAnswering: true));
        var conference = new ConferenceFanout(engine.Value, ConferenceState.Before(_uri), 1);
        var link = new OneLink(isAnswering: true).Open(_uri, default);
        var member = new RosterEntry(FanoutBench.Member(1), null, Role.Participant, Rights.None);
        var kept = new Recipient[1_000];
        kept[0] = new Recipient(conference, member, link);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < kept.Length; i++) kept[i] = new Recipient(conference, member, link);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(kept.Length - 1);

        Assert.InRange(each, 1, 104);
        GC.KeepAlive(kept);
    }

    [Theory]
    [InlineData(true)] // All have had the event.
    [InlineData(false)] // The event is out to all of them.
    public async Task Conference_AfterAnEvent_TakesNoMoreForEach(bool isAnswering)
    {
        var each = await MeasureAsync(isAnswering, async (opened, links) =>
        {
            opened.Fanout.Publish(opened.State, [opened.Said]);
            await links.OfferedAsync(Participants - 1); // Not to its author.
        });

        Assert.InRange(each, 1, BytesMax);
    }

    [Fact]
    public async Task Conference_AfterASnapshotToAll_TakesNoMoreForEach()
    {
        var each = await MeasureAsync(isAnswering: true, async (opened, links) =>
        {
            for (var i = 0; i < Participants; i++) opened.Fanout.Resync(Member(i), 0);
            await links.OfferedAsync(Participants);
        });

        Assert.InRange(each, 1, BytesMax);
    }

    private async Task<double> MeasureAsync(bool isAnswering, Func<Opened, OneLink, Task> use)
    {
        await MeasureOnceAsync(isAnswering, use); // The first one also costs what is there once for all conferences.
        return await MeasureOnceAsync(isAnswering, use);
    }

    private async Task<double> MeasureOnceAsync(bool isAnswering, Func<Opened, OneLink, Task> use)
    {
        var links = new OneLink(isAnswering);
        using var engine = Held.Engine(links);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var opened = Open(engine.Value);
        await use(opened, links);
        await engine.SettleAsync();
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Participants;
        opened.Fanout.Dispose();
        return each;
    }

    private static ParticipantUri Member(int number) => ParticipantUri.Parse($"sip:+4917{number:D8}@conf.example");

    private Opened Open(FanoutEngine engine)
    {
        var created = new ConferenceCreated(null, Rights.None, false, [.. Enumerable.Range(0, Participants)
            .Select(i => new RosterEntry(Member(i), null, i == 0 ? Role.Chair : Role.Participant, Rights.None))]);
        var state = ConferenceState.Before(_uri)
            .Apply(new ConferenceEvent(1, Member(0), "r1", DateTimeOffset.UnixEpoch, created));
        var fanout = engine.Open(state, 1, [.. state.Roster.Keys.Select(key => new StoredCursor(key, 1))]);
        var said = new ConferenceEvent(2, Member(0), "r2", DateTimeOffset.UnixEpoch, new ChatSaid("good morning"));
        return new Opened(fanout, state.Apply(said), new PublishedEvent(said, EventWriter.WriteFragment(said)));
    }

    private sealed record Opened(IConferenceFanout Fanout, ConferenceState State, PublishedEvent Said);

    private sealed record Held(FanoutEngine Value, Store Store) : IDisposable
    {
        internal static Held Engine(IParticipantLinks links)
        {
            var store = new Store();
            return new Held(new FanoutEngine(
                new FanoutOptions { Workers = 1 }, links, new NoReferences(), store, store, new FakeTimeProvider(),
                NullLogger<FanoutEngine>.Instance), store);
        }

        /// <summary>Cursors are stored, and what the store of the test keeps of them is not counted; bodies that nobody
        /// asked for since the last time are dropped.</summary>
        internal async Task SettleAsync()
        {
            for (var i = 0; i < 3; i++) await Value.FlushAllAsync();
            Store.Cursors.Clear();
            Store.Cursors.TrimExcess();
        }

        public void Dispose() => Value.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private sealed class NoReferences : IContentReferences
    {
        public ContentReference? Make(ParticipantUri to, string digest, string mediaType, string? fileName) => null;
    }

    /// <summary>Links of which all participants have the same one: what links take is not measured here.</summary>
    private sealed class OneLink(bool isAnswering) : IParticipantLinks, IParticipantLink
    {
        private readonly TaskCompletionSource _isReached = new();
        private int _offered;
        private int _awaited = int.MaxValue;

        public LinkCapabilities Capabilities => new(1_000_000, HasContact: true);

        public IParticipantLink Open(ConferenceUri conference, ParticipantUri participant) => this;

        public void Offer(IDeliverySource source)
        {
            // A snapshot of so many has several parts.
            while (source.TakeNext(Capabilities) is not null && isAnswering && source.OnDelivered(FakeLinks.Ok))
            {
            }

            if (Interlocked.Increment(ref _offered) >= Volatile.Read(ref _awaited)) _isReached.TrySetResult();
        }

        public void BeginBatch()
        {
        }

        public void EndBatch()
        {
        }

        public void Raise(ConferenceUri conference, DeliveryPriority priority)
        {
        }

        public void Dispose()
        {
        }

        internal Task OfferedAsync(int count)
        {
            Volatile.Write(ref _awaited, count);
            if (Volatile.Read(ref _offered) >= count) _isReached.TrySetResult();
            return _isReached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }
}
