using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Benchmarks.Protocol;
using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Conference.Store.InMemory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Fanout;

/// <summary>Rooms 10 and 11 without a socket: an event to N participants who confirm at once.</summary>
[MemoryDiagnoser]
public class FanoutBenchmarks
{
    private readonly CountingLinks _links = new();
    private FanoutEngine _engine = null!;
    private IConferenceFanout _fanout = null!;
    private ConferenceState _state = null!;

    /// <summary>Members of the conference.</summary>
    [Params(2, 50, 1000)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var store = new InMemoryConferenceStore();
        _engine = new FanoutEngine(
            new FanoutOptions { Workers = 1, CursorFlush = TimeSpan.FromHours(1) }, _links, new NoReferences(), store,
            new InMemoryBlobStore(TimeProvider.System), TimeProvider.System, NullLogger<FanoutEngine>.Instance);
        var roster = Enumerable.Range(0, Members).Select(i => new RosterEntry(
            ParticipantUri.Parse($"sip:member{i}@ims.example"), null, Role.Participant, Rights.Draw));
        _state = ConferenceState.Before(ProtocolData.Uri).Apply(new ConferenceEvent(
            1, ProtocolData.Alice, "s", DateTimeOffset.UnixEpoch,
            new ConferenceCreated(null, Rights.Draw, false, roster.ToImmutableArray())));
        _fanout = _engine.Open(_state, 1, [.. _state.Roster.Keys.Select(p => new StoredCursor(p, 1))]);
    }

    [GlobalCleanup]
    public async Task Cleanup() => await _engine.DisposeAsync();

    [Benchmark(Description = "publish one event until all have it")]
    public void Publish()
    {
        var happened = new ConferenceEvent(
            _state.Revision + 1, ProtocolData.Alice, "r", DateTimeOffset.UnixEpoch, new ChatSaid("x"));
        _state = _state.Apply(happened);
        _links.Expect(Members);
        _fanout.Publish(_state, [new PublishedEvent(happened, EventWriter.WriteFragment(happened))]);
        _links.Wait();
    }

    private sealed class NoReferences : IContentReferences
    {
        public ContentReference? Make(ParticipantUri participant, string digest, string mediaType, string? fileName) =>
            null;
    }

    private sealed class CountingLinks : IParticipantLinks
    {
        private readonly ManualResetEventSlim _done = new();
        private int _left;

        public IParticipantLink Open(ConferenceUri conference, ParticipantUri participant) => new Link(this);

        public void BeginBatch()
        {
        }

        public void EndBatch()
        {
        }

        public void Raise(ConferenceUri conference, DeliveryPriority priority)
        {
        }

        internal void Expect(int count)
        {
            _done.Reset();
            Volatile.Write(ref _left, count);
        }

        internal void Wait() => _done.Wait();

        private sealed class Link(CountingLinks links) : IParticipantLink
        {
            public LinkCapabilities Capabilities => new(1_000_000, HasContact: true);

            public void Offer(IDeliverySource source)
            {
                if (source.TakeNext(Capabilities) is null) return;
                source.OnDelivered(new DeliveryResult(DeliveryOutcome.Delivered, 200));
                if (Interlocked.Decrement(ref links._left) == 0) links._done.Set();
            }

            public void Dispose()
            {
            }
        }
    }
}
