using System.Collections.Immutable;
using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Tests.Focus.Fakes;

/// <summary>Keeps what it is told; safe for a test that looks from another thread.</summary>
internal sealed class FakeFanout : IFanoutEngine, IConferenceFanout
{
    private readonly Lock _lock = new();
    private readonly List<object> _calls = [];

    public bool IsSettled { get; set; } = true;

    public bool ThrowsOnPublish { get; set; }

    public int Opened => All<FanoutOpened>().Count;

    public ConferenceState? State { get; private set; }

    public IReadOnlyList<ConferenceEvent> Events =>
        [.. All<ImmutableArray<PublishedEvent>>().SelectMany(events => events).Select(each => each.Event)];

    public IReadOnlyList<T> All<T>()
    {
        lock (_lock) return [.. _calls.OfType<T>()];
    }

    public IReadOnlyList<(ParticipantUri To, T Message)> Sent<T>()
        where T : ServerMessage =>
        [.. All<FanoutSent>().Where(sent => sent.Message is T).Select(sent => (sent.To, (T)sent.Message))];

    public IConferenceFanout Open(ConferenceState state, long epoch, ImmutableArray<StoredCursor> cursors)
    {
        State = state;
        Add(new FanoutOpened(state, epoch, cursors));
        return this;
    }

    public void Publish(ConferenceState state, ImmutableArray<PublishedEvent> events)
    {
        if (ThrowsOnPublish) throw new InvalidOperationException("as a test wishes");
        State = state;
        Add(events);
    }

    public void Resync(ParticipantUri participant, long sinceRevision) =>
        Add(new FanoutResync(participant, sinceRevision));

    public void SendTo(ParticipantUri participant, ServerMessage message) => Add(new FanoutSent(participant, message));

    public void SendPage(ParticipantUri participant, PageDescriptor page) => Add(new FanoutPage(participant, page));

    public void MovePointer(PointerPosition position) => Add(position);

    public void Wake(ParticipantUri participant)
    {
    }

    public ImmutableArray<DeliveryDescription> Describe() => [];

    public void Dispose() => Add(new FanoutClosed());

    private void Add(object call)
    {
        lock (_lock) _calls.Add(call);
    }
}

internal sealed record FanoutOpened(ConferenceState State, long Epoch, ImmutableArray<StoredCursor> Cursors);

internal sealed record FanoutResync(ParticipantUri Participant, long Since);

internal sealed record FanoutSent(ParticipantUri To, ServerMessage Message);

internal sealed record FanoutPage(ParticipantUri To, PageDescriptor Page);

internal sealed record FanoutClosed;

internal sealed class FakeReferences : IContentReferences
{
    public ContentReference? Make(ParticipantUri participant, string digest, string mediaType, string? fileName) =>
        new($"https://as.test/{digest}/{fileName}", DateTimeOffset.UnixEpoch.AddYears(60));
}
