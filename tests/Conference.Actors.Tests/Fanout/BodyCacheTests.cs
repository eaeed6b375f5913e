using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Xunit;
using static Conference.Actors.Tests.Fanout.FanoutBench;

namespace Conference.Actors.Tests.Fanout;

public class BodyCacheTests
{
    private readonly EventWindow _window = new(eventsMax: 100, bytesMax: 1_000_000);
    private readonly BodyCache _cache = new();

    public BodyCacheTests() => _window.Reset(10);

    [Fact]
    public void OneBatch_IsEncodedOnce_AndAuthorsHaveTheirOwn()
    {
        Say(1);
        Say(2);
        Say(1);
        var forAll = Get(11, 13);
        Assert.Same(forAll, Get(11, 13));
        Assert.Equal([11L, 12, 13], Read(forAll));
        Assert.Equal([12L], Read(Get(11, 13, Member(1))));
        Assert.Equal([11L, 13], Read(Get(11, 13, Member(2))));
        Assert.Equal([12L, 13], Read(Get(12, 13)));
    }

    [Fact]
    public void Bodies_AreDropped_OnceNoneWasMadeBetweenTwoLooks()
    {
        Say(1);
        var made = Get(11, 11);
        Assert.True(_cache.Age());
        Assert.Same(made, Get(11, 11));

        Assert.False(_cache.Age());

        Assert.NotSame(made, Get(11, 11));
        Assert.Equal([11L], Read(Get(11, 11)));
    }

    [Fact]
    public void TurnThatALaterOneReplaces_IsLeftOut_ItsRevisionIsNot()
    {
        Add(1, new PageTurned(new PageRef("d", 1)));
        Say(2);
        Add(1, new PageTurned(new PageRef("d", 2)));
        Assert.Equal([12L, 13], Read(Get(11, 13)));
        Assert.Equal([12L], Read(Get(11, 12))); // the later one is on its way
    }

    [Fact]
    public void ManyBatches_PushTheOldestOut()
    {
        for (var i = 0; i < 20; i++) Say(2);
        var first = Get(11, 11);
        for (var revision = 12; revision <= 18; revision++) Get(revision, revision);
        Assert.Same(first, Get(11, 11));
        Get(19, 19);
        var again = Get(11, 11);
        Assert.NotSame(first, again);
        Assert.Equal(first.Bytes.ToArray(), again.Bytes.ToArray());
    }

    [Fact]
    public void Batch_KnowsItsAuthors_AndWhetherContentGoesWithIt()
    {
        Say(1);
        Say(2);
        Say(1);
        var content = new ContentNeed(
            new PageDescriptor(new PageRef("d", 1), 8, 8, "image/png", 3, new string('0', 64)), 9, Member(3));
        Add(3, new PageTurned(new PageRef("d", 1)), content);
        Add(3, new PageTurned(new PageRef("d", 2)));

        Assert.Equal([Member(1), Member(2)], GetBatch(11, 13).Authors.AsEnumerable());
        Assert.False(GetBatch(11, 13).NeedsContent);
        Assert.False(GetBatch(11, 15).NeedsContent); // The turn that needs it is replaced by a later one.
        Assert.True(GetBatch(11, 13).IsAllAfter(10, head: 13));
        Assert.False(GetBatch(11, 13).IsAllAfter(10, head: 15));
        Assert.False(GetBatch(11, 13).IsAllAfter(11, head: 13));
    }

    [Fact]
    public void BatchWithAPageThatIsShownNow_IsNotForEverybody()
    {
        var content = new ContentNeed(
            new PageDescriptor(new PageRef("d", 1), 8, 8, "image/png", 3, new string('0', 64)), 9, Member(3));
        Add(3, new PageTurned(new PageRef("d", 1)), content);

        Assert.True(GetBatch(11, 11).NeedsContent);
        Assert.False(GetBatch(11, 11).IsAllAfter(10, head: 11));
    }

    private EncodedBody Get(long from, long to, ParticipantUri without = default) => GetBatch(from, to, without).Body;

    private EventBatch GetBatch(long from, long to, ParticipantUri without = default) =>
        _cache.Get(FanoutBench.Uri, new BodyCache.Key(from, to, without), _window);

    private void Say(int author) => Add(author, new ChatSaid("hello"));

    private void Add(int author, EventBody body, ContentNeed? content = null)
    {
        var happened = new ConferenceEvent(
            _window.Last + 1, Member(author), "r", DateTimeOffset.UnixEpoch, body);
        var fragment = EventWriter.WriteFragment(happened);
        _window.Add(new EventWindow.Entry(
            happened.Revision, Member(author), IsKnownToAuthor: true, body, fragment, content, 0));
    }

    private static IEnumerable<long> Read(EncodedBody body)
    {
        Assert.Equal(ReadOutcome.Ok, ServerMessageReader.TryRead(
            body.Bytes, ProtocolLimits.Default, out var message, out _));
        return Assert.IsType<Notification>(message).Events.Select(each => each.Revision);
    }
}
