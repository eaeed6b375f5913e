using AppServer.Links;
using Conference.Actors.Ports;
using Xunit;

namespace AppServer.Tests.Links;

public sealed class DeliveryWindowTests
{
    private readonly ConferenceFlows _conference = new();
    private readonly List<int> _fired = [];
    private long _now;

    [Fact]
    public void Enter_WhenThereIsRoom_FiresAtOnce_AndElseInOrderOfArrival()
    {
        var window = Fixed(2);
        for (var i = 0; i < 4; i++) window.Enter(_conference, Numbered(i));
        Assert.Equal([0, 1], _fired);

        Leave(window);
        Assert.Equal([0, 1, 2], _fired);
        Leave(window);
        Assert.Equal([0, 1, 2, 3], _fired);
    }

    [Fact]
    public void ManyWhoFailAtOnce_FailOneAfterTheOther_NotInsideEachOther()
    {
        var window = Fixed(1);
        var depth = 0;
        var deepest = 0;
        var fired = 0;
        var first = new Guest(place =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                window.Enter(_conference, new Guest(inner =>
                {
                    deepest = Math.Max(deepest, ++depth);
                    fired++;
                    window.Leave(inner, PlaceEnd.Unused);
                    depth--;
                }));
            }

            window.Leave(place, PlaceEnd.Unused);
        });

        window.Enter(_conference, first);

        Assert.Equal((100_000, 1), (fired, deepest));
    }

    [Fact]
    public void Leave_FromWithinAnotherWindow_PumpsBoth()
    {
        var (one, other) = (Fixed(1), Fixed(1));
        other.Enter(_conference, Numbered(0));
        other.Enter(_conference, Numbered(1));

        one.Enter(_conference, new Guest(_ => Leave(other)));

        Assert.Equal([0, 1], _fired);
    }

    [Fact]
    public void Batch_ThatIsOpen_Gathers_UntilItEndsOrIsFull()
    {
        var window = Fixed(100);
        SendBatch.Begin();
        for (var i = 0; i < 31; i++) window.Enter(_conference, Numbered(i));
        Assert.Empty(_fired);
        window.Enter(_conference, Numbered(31));
        Assert.Equal(32, _fired.Count);
        window.Enter(_conference, Numbered(32));
        SendBatch.End();
        Assert.Equal(Enumerable.Range(0, 33), _fired);

        SendBatch.Begin();
        for (var i = 0; i < 33; i++) Leave(window);
        Assert.Equal(1, window.Describe().InUse);
        SendBatch.End();

        Assert.Equal(0, window.Describe().InUse);
    }

    [Fact]
    public void Batch_OverSeveralWindows_LosesNothing()
    {
        var windows = Enumerable.Range(0, 3).Select(_ => Fixed(1)).ToArray();
        SendBatch.Begin();
        for (var i = 0; i < 60; i++) windows[i % 3].Enter(_conference, Numbered(i));
        SendBatch.End();
        Assert.Equal([0, 1, 2], _fired.Order());

        SendBatch.Begin();
        for (var i = 0; i < 60; i++) Leave(windows[i % 3]);
        SendBatch.End();

        Assert.Equal(Enumerable.Range(0, 60), _fired.Order());
        Assert.All(windows, window => Assert.Equal(0, window.Describe().InUse));
    }

    [Fact]
    public void Batch_ThatFails_PassesOnWhatItGathered()
    {
        var window = Fixed(1);
        window.Enter(_conference, Numbered(0));
        window.Enter(_conference, Numbered(1));

        Assert.Throws<InvalidOperationException>(() => FailInABatch(() => Leave(window)));

        Assert.Equal([0, 1], _fired);
    }

    [Fact]
    public void Guest_ThatThrows_CostsNobodyElseTheTurn()
    {
        var window = Fixed(40);
        var faults = LinkMetrics.Faults.Value;
        SendBatch.Begin();
        window.Enter(_conference, new Guest(_ => throw new InvalidOperationException("a bug in a guest")));
        for (var i = 0; i < 39; i++) window.Enter(_conference, Numbered(i));
        SendBatch.End();

        Assert.Equal(Enumerable.Range(0, 39), _fired);
        Assert.True(LinkMetrics.Faults.Value > faults);
        window.Enter(_conference, Numbered(100));
        Leave(window);
        Assert.Equal(100, _fired[^1]);
    }

    [Fact]
    public void Priority_OfWhoComes_DecidesWhoIsNext_AndARaiseReachesThoseWhoWait()
    {
        var window = Fixed(1);
        var other = new ConferenceFlows();
        window.Enter(_conference, Numbered(0));
        window.Enter(_conference, Numbered(1));
        window.Enter(other, Numbered(2));
        window.Enter(_conference, Numbered(3, DeliveryPriority.High));
        window.Enter(_conference, Numbered(4, DeliveryPriority.Low));
        other.Raise(DeliveryPriority.High);
        Assert.Equal((2, 1, 1), (window.Describe().High, window.Describe().Normal, window.Describe().Low));

        for (var i = 0; i < 4; i++) Leave(window);

        Assert.Equal([0, 3, 2, 1, 4], _fired);
    }

    [Fact]
    public void Answers_WhileOthersWait_MakeTheWindowWider()
    {
        var window = new DeliveryWindow(new LimitBounds(2, 8), () => _now);
        var places = new Queue<int>();
        for (var i = 0; i < 200; i++) window.Enter(_conference, new Guest(places.Enqueue));
        Assert.Equal(2, places.Count);

        for (var i = 0; i < 100; i++)
        {
            _now++;
            window.Leave(places.Dequeue(), PlaceEnd.Answered);
        }

        Assert.Equal((8, 8), (places.Count, window.Describe().Limit));
    }

    [Fact]
    public void ManyThreads_LoseNobody_AndNeverExceedTheLimit()
    {
        const int Limit = 20;
        const int EachThread = 20_000;
        var window = Fixed(Limit);
        var conferences = Enumerable.Range(0, 7).Select(_ => new ConferenceFlows()).ToArray();
        var held = new System.Collections.Concurrent.ConcurrentQueue<int>();
        var (taken, most, fired) = (0, 0, 0);
        void OnFire(int place)
        {
            var now = Interlocked.Increment(ref taken);
            if (now > Volatile.Read(ref most)) Volatile.Write(ref most, now);
            Interlocked.Increment(ref fired);
            held.Enqueue(place);
        }

        void GiveBackOne()
        {
            if (!held.TryDequeue(out var place)) return;
            Interlocked.Decrement(ref taken);
            window.Leave(place, PlaceEnd.Answered);
        }

        var threads = Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            for (var i = 0; i < EachThread; i++)
            {
                if (i % 50 == 0) SendBatch.Begin();
                window.Enter(
                    conferences[(i + number) % conferences.Length], new Guest(OnFire, (DeliveryPriority)(i % 3)));
                GiveBackOne();
                if (i % 1_000 == number) conferences[i % conferences.Length].Raise(DeliveryPriority.High);
                if (i % 50 == 40) SendBatch.End();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        while (!held.IsEmpty) GiveBackOne();

        Assert.Equal((4 * EachThread, 0), (fired, window.Describe().InUse));
        Assert.InRange(most, 1, Limit);
    }

    private static void FailInABatch(Action before)
    {
        SendBatch.Begin();
        try
        {
            before();
            throw new InvalidOperationException("a bug in the batch");
        }
        finally
        {
            SendBatch.End();
        }
    }

    private static void Leave(DeliveryWindow window) => window.Leave(0, PlaceEnd.Unused);

    private DeliveryWindow Fixed(int limit) => new(new LimitBounds(limit, limit), () => _now);

    private Guest Numbered(int number, DeliveryPriority priority = DeliveryPriority.Normal) =>
        new(_ => _fired.Add(number), priority);

    private sealed class Guest(Action<int> fire, DeliveryPriority priority = DeliveryPriority.Normal) : IWindowGuest
    {
        public DeliveryPriority Priority => priority;

        public void Fire(int place) => fire(place);
    }
}
