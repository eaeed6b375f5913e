using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
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

/// <summary>A fan-out engine between a conference that the test moves on and participants whose answers the test gives.
/// </summary>
internal sealed class FanoutBench : IAsyncDisposable
{
    internal static readonly ConferenceUri Uri = ConferenceUri.Parse("sip:conf-1@conf.example");

    internal FanoutBench(FanoutOptions? options = null, Store? store = null)
    {
        Store = store ?? new Store();
        Engine = new FanoutEngine(
            (options ?? new FanoutOptions()) with { Workers = 1 }, Links, new References(), Store, Store, Time,
            NullLogger<FanoutEngine>.Instance);
    }

    internal FakeTimeProvider Time { get; } = new();

    internal FakeLinks Links { get; } = new();

    internal Store Store { get; }

    internal FanoutEngine Engine { get; }

    internal ConferenceState State { get; private set; } = ConferenceState.Before(Uri);

    internal IConferenceFanout Fanout { get; private set; } = null!;

    public async ValueTask DisposeAsync() => await Engine.DisposeAsync();

    internal static ParticipantUri Member(int number) => ParticipantUri.Parse($"sip:member{number}@example");

    /// <summary>A conference with so many members, of which all have had their snapshot.</summary>
    internal async Task OpenAsync(int members, bool wantsOwn = false)
    {
        var roster = Enumerable.Range(1, members)
            .Select(i => new RosterEntry(Member(i), null, i == 1 ? Role.Chair : Role.Presenter, Rights.All, wantsOwn));
        Apply(Member(1), new ConferenceCreated("Test", Rights.Draw, false, [.. roster]));
        Fanout = Engine.Open(
            State, 1, [.. Enumerable.Range(1, members).Select(i => new StoredCursor(Member(i), State.Revision))]);
        await Links.QuietAsync();
    }

    /// <summary>Waits until the delivery to a member is in a state.</summary>
    internal Task StateAsync(int member, string state) => Links.UntilAsync(
        () => Fanout.Describe().Single(d => d.Participant == Member(member)).State == state);

    internal PublishedEvent Apply(ParticipantUri author, EventBody body)
    {
        var revision = State.Revision + 1;
        var happened = new ConferenceEvent(revision, author, $"r{revision}", Time.GetUtcNow(), body);
        State = State.Apply(happened);
        var published = new PublishedEvent(happened, EventWriter.WriteFragment(happened));
        Store.Events.Add(new StoredEvent(happened.Revision, string.Empty, published.Fragment));
        return published;
    }

    internal void Publish(ParticipantUri author, EventBody body)
    {
        var published = Apply(author, body);
        Fanout.Publish(State, [published]);
    }

    internal void Say(int author, string text) => Publish(Member(author), new ChatSaid(text));

    internal PageDescriptor SharePage(int sharer, string document, int number, int bytes)
    {
        var content = new byte[bytes];
        RandomNumberGenerator.Fill(content);
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        Store.Blobs[digest] = content;
        var page = new PageDescriptor(new PageRef(document, number), 100, 100, "image/png", bytes, digest);
        Publish(Member(sharer), new PageShared(page));
        return page;
    }

    internal static ServerMessage Read(EncodedBody body)
    {
        Assert.Equal(MediaTypes.ConferenceXml, body.ContentType);
        var outcome = ServerMessageReader.TryRead(body.Bytes, new ProtocolLimits(), out var message, out var fault);
        Assert.True(message is not null, $"{outcome} {fault} {Encoding.UTF8.GetString(body.Bytes.Span)}");
        return message;
    }

    private sealed class References : IContentReferences
    {
        public ContentReference? Make(ParticipantUri participant, string digest, string mediaType, string? fileName) =>
            new($"https://as.example/{digest}", DateTimeOffset.UnixEpoch.AddYears(60));
    }
}

/// <summary>Links whose deliveries the test answers.</summary>
internal sealed class FakeLinks : IParticipantLinks
{
    private readonly Dictionary<ParticipantUri, FakeLink> _links = [];
    private readonly List<DeliveryPriority> _raised = []; // Under the lock of _links.
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal int BodyBytesMax { get; set; } = 1_000_000;

    internal bool HasContact { get; set; }

    /// <summary>To what those who wait were raised, in order.</summary>
    internal IReadOnlyList<DeliveryPriority> Raised
    {
        get
        {
            lock (_links) return [.. _raised];
        }
    }

    /// <summary>What a participant answers at once; null: the test answers by hand.</summary>
    internal Func<ParticipantUri, EncodedBody, DeliveryResult?> Answer { get; set; } = (_, _) => Ok;

    internal static DeliveryResult Ok => new(DeliveryOutcome.Delivered, 200, null);

    public IParticipantLink Open(ConferenceUri conference, ParticipantUri participant)
    {
        lock (_links) return _links[participant] = new FakeLink(this, participant);
    }

    public void BeginBatch()
    {
    }

    public void EndBatch()
    {
    }

    public void Raise(ConferenceUri conference, DeliveryPriority priority)
    {
        lock (_links) _raised.Add(priority);
    }

    internal FakeLink Of(int member)
    {
        lock (_links) return _links[FanoutBench.Member(member)];
    }

    /// <summary>Waits until a condition on the deliveries, or on what follows from them, holds.</summary>
    internal async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (condition()) return;
            // What the engine does after a delivery tells nobody: looked for now and then.
            await Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token));
            if (patience.IsCancellationRequested) throw new TimeoutException("It did not come to that.");
        }
    }

    /// <summary>Waits until worker and links have nothing to do: nothing happened for a few turns of the pool.
    /// </summary>
    internal async Task QuietAsync()
    {
        int before;
        do
        {
            before = Total();
            for (var i = 0; i < 200; i++) await Task.Yield();
            await Task.Run(static () => { });
        }
        while (Total() != before);
    }

    internal void NoteChange() => Interlocked.Exchange(
        ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    private int Total()
    {
        lock (_links) return _links.Values.Sum(l => l.Bodies.Count);
    }
}

internal sealed class FakeLink(FakeLinks links, ParticipantUri participant) : IParticipantLink
{
    private readonly List<EncodedBody> _bodies = [];
    private readonly List<DeliveryPriority> _priorities = [];
    private IDeliverySource? _source;
    private int _inFlight;

    public LinkCapabilities Capabilities => new(links.BodyBytesMax, links.HasContact);

    internal bool IsDisposed { get; private set; }

    /// <summary>All bodies that were sent, in order.</summary>
    internal IReadOnlyList<EncodedBody> Bodies
    {
        get
        {
            lock (_bodies) return [.. _bodies];
        }
    }

    /// <summary>How urgent each body was said to be before it was taken.</summary>
    internal IReadOnlyList<DeliveryPriority> Priorities
    {
        get
        {
            lock (_bodies) return [.. _priorities];
        }
    }

    internal IEnumerable<ServerMessage> Messages => Bodies.Select(FanoutBench.Read);

    /// <summary>Revisions of all events that were sent, in order.</summary>
    internal IEnumerable<long> Revisions =>
        Messages.OfType<Notification>().SelectMany(n => n.Events).Select(e => e.Revision);

    public void Offer(IDeliverySource source)
    {
        _source = source;
        var priority = source.Priority;
        var body = source.TakeNext(Capabilities);
        if (body is null) return;
        Assert.Equal(1, Interlocked.Increment(ref _inFlight)); // R4
        var answer = links.Answer(participant, body); // Before anybody sees the body and changes the answer.
        lock (_bodies)
        {
            _bodies.Add(body);
            _priorities.Add(priority);
        }

        links.NoteChange();
        if (answer is { } result) Complete(result);
    }

    public void Dispose() => IsDisposed = true;

    internal void Complete(DeliveryResult result)
    {
        Interlocked.Decrement(ref _inFlight);
        if (_source!.OnDelivered(result)) Offer(_source);
        links.NoteChange();
    }
}

/// <summary>The store as far as the fan-out uses it.</summary>
internal sealed class Store : IConferenceStore, IBlobStore
{
    private int _blobsRefused;

    internal List<StoredEvent> Events { get; } = [];

    internal System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> Blobs { get; } = [];

    internal Dictionary<ParticipantUri, long> Cursors { get; } = [];

    internal bool IsAway { get; set; }

    /// <summary>Blobs that were not taken because the store was away.</summary>
    internal int BlobsRefused => Volatile.Read(ref _blobsRefused);

    public ValueTask<ImmutableArray<StoredEvent>> ReadEventsAsync(
        ConferenceUri conference, long afterRevision, int countMax, CancellationToken cancel) => IsAway
        ? throw new StoreUnavailableException("away")
        : new([.. Events.Where(e => e.Revision > afterRevision).Take(countMax)]);

    public ValueTask<bool> WriteCursorsAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredCursor> cursors, CancellationToken cancel)
    {
        if (IsAway) throw new StoreUnavailableException("away");
        lock (Cursors)
        {
            foreach (var cursor in cursors) Cursors[cursor.Participant] = cursor.Revision;
        }

        return new(true);
    }

    /// <summary>What reading a blob throws; null for nothing.</summary>
    internal Exception? BlobFault { get; set; }

    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(string digest, CancellationToken cancel) => IsAway
        ? throw new StoreUnavailableException("away")
        : BlobFault is not null ? throw BlobFault
        : new(Blobs.TryGetValue(digest, out var content) ? content : (ReadOnlyMemory<byte>?)null);

    public ValueTask<Ownership> TakeOwnershipAsync(ConferenceUri conference, CancellationToken cancel) =>
        throw new NotSupportedException();

    public ValueTask<AppendOutcome> AppendAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredEvent> events, CancellationToken cancel) =>
        throw new NotSupportedException();

    public ValueTask<bool> WriteCheckpointAsync(
        ConferenceUri conference, long epoch, Checkpoint checkpoint, CancellationToken cancel) =>
        throw new NotSupportedException();

    public ValueTask<ImmutableArray<StoredCursor>> ReadCursorsAsync(
        ConferenceUri conference, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<ImmutableArray<StoredConference>> ListAsync(
        ConferenceUri? after, int countMax, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<bool> DeleteAsync(ConferenceUri conference, long epoch, CancellationToken cancel) =>
        throw new NotSupportedException();

    public ValueTask<bool> IsReachableAsync(CancellationToken cancel) => new(!IsAway);

    public ValueTask PutAsync(
        string digest, ReadOnlyMemory<byte> content, TimeSpan lifetime, CancellationToken cancel)
    {
        if (IsAway)
        {
            Interlocked.Increment(ref _blobsRefused);
            throw new StoreUnavailableException("away");
        }

        Blobs[digest] = content.ToArray();
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> ContainsAsync(string digest, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<int> RemoveExpiredAsync(CancellationToken cancel) => throw new NotSupportedException();
}
