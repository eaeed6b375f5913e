using AppServer.Links;
using Conference.Actors.Ports;
using CsCheck;
using Xunit;

namespace AppServer.Tests.Links;

public sealed class FairQueueTests
{
    private const int Turn = FairQueue.TurnGuests;

    private readonly FairQueue _queue = new();
    private readonly FairQueue.Flow _one = new();
    private readonly FairQueue.Flow _other = new();

    [Fact]
    public void Take_OneConference_InOrderOfArrival()
    {
        Enqueue(_one, 100, DeliveryPriority.Normal);

        Assert.Equal(Enumerable.Range(0, 100), Take(100).Select(g => g.Number));
        Assert.Equal((0, 0), (_queue.Count, _queue.CountOf(DeliveryPriority.Normal)));
    }

    [Fact]
    public void Take_SmallConferenceBehindAHugeOne_IsServedWithinTwoTurns()
    {
        Enqueue(_one, 50_000, DeliveryPriority.Normal);
        Enqueue(_other, 10, DeliveryPriority.Normal);

        var served = Take(2 * Turn);

        Assert.Equal(10, served.Count(g => g.Flow == _other));
        Assert.Equal(Enumerable.Range(0, 10), served.Where(g => g.Flow == _other).Select(g => g.Number));
    }

    [Fact]
    public void Take_TwoConferences_TheRunOfATurnStaysTogether()
    {
        Enqueue(_one, 100, DeliveryPriority.Normal);
        Enqueue(_other, 100, DeliveryPriority.Normal);

        var served = Take(4 * Turn);

        foreach (var (turn, flow) in new[] { _one, _other, _one, _other }.Index())
            Assert.All(served[(turn * Turn)..((turn + 1) * Turn)], g => Assert.Same(flow, g.Flow));
    }

    [Fact]
    public void Take_HigherPriority_ComesFirst_AlsoInTheMiddleOfATurn()
    {
        Enqueue(_one, 40, DeliveryPriority.Low);
        Enqueue(_one, 40, DeliveryPriority.Normal);
        Assert.All(Take(10), g => Assert.Equal(DeliveryPriority.Normal, g.Priority));

        Enqueue(_other, 5, DeliveryPriority.High);

        Assert.All(Take(5), g => Assert.Same(_other, g.Flow));
        Assert.All(Take(30), g => Assert.Equal(DeliveryPriority.Normal, g.Priority));
        Assert.All(Take(40), g => Assert.Equal(DeliveryPriority.Low, g.Priority));
    }

    [Fact]
    public void Take_UnderAFloodOfHigherOnes_LowerOnesHaveATurnOfThoseThatWentPast()
    {
        const int Round = FairQueue.PassedOverMax + Turn;
        Enqueue(_one, 20_000, DeliveryPriority.High);
        Enqueue(_one, 20_000, DeliveryPriority.Normal);
        Enqueue(_other, 20_000, DeliveryPriority.Low);

        var served = Take(10 * Round);

        Assert.Equal(10 * Turn, served.Count(g => g.Priority == DeliveryPriority.Low));
        Assert.InRange(served.Count(g => g.Priority == DeliveryPriority.Normal), 8 * Turn, 10 * Turn);
        Assert.All(served[..FairQueue.PassedOverMax], g => Assert.Equal(DeliveryPriority.High, g.Priority));
        Assert.All(
            served[FairQueue.PassedOverMax..Round], g => Assert.Equal(DeliveryPriority.Low, g.Priority));
    }

    [Fact]
    public void Take_ALowerTurnThatIsOwed_EndsWithTheLastWhoWaits()
    {
        Enqueue(_one, 1_000, DeliveryPriority.High);
        Enqueue(_other, 3, DeliveryPriority.Normal);

        var served = Take(FairQueue.PassedOverMax + 100);

        Assert.Equal(
            [0, 1, 2], served.Index().Where(g => g.Item.Flow == _other).Select(g => g.Index - FairQueue.PassedOverMax));
    }

    [Fact]
    public void Raise_MovesTheWholeConference_BehindThoseWhoAreThere_AndNobodyElse()
    {
        Enqueue(_other, 100, DeliveryPriority.Normal);
        Enqueue(_one, 40, DeliveryPriority.Normal);
        Enqueue(_one, 3, DeliveryPriority.Low);
        Enqueue(_one, 2, DeliveryPriority.High);

        _queue.Raise(_one, DeliveryPriority.High);

        Assert.Equal(45, _queue.CountOf(DeliveryPriority.High));
        var served = Take(45);
        Assert.All(served, g => Assert.Same(_one, g.Flow));
        Assert.Equal([0, 1, .. Enumerable.Range(0, 40), 0, 1, 2], served.Select(g => g.Number));
        Assert.Equal(Enumerable.Range(0, 100), Take(100).Select(g => g.Number));
    }

    [Fact]
    public void Raise_OfNobody_ChangesNothing()
    {
        Enqueue(_one, 3, DeliveryPriority.High);

        _queue.Raise(_other, DeliveryPriority.High);
        _queue.Raise(_one, DeliveryPriority.Normal);

        Assert.Equal(3, _queue.CountOf(DeliveryPriority.High));
        Assert.Equal(3, Take(10).Count);
    }

    [Fact]
    public void Memory_OfALargeQueue_IsUsedAgain_AndForgottenWhenItIsNotNeededAnyMore()
    {
        var guests = Enumerable.Range(0, 10_000).Select(i => new Guest(_one, i, DeliveryPriority.Normal)).ToArray();
        var taken = new IWindowGuest[guests.Length];
        FillAndEmpty(guests, taken);
        var before = GC.GetAllocatedBytesForCurrentThread();
        FillAndEmpty(guests, taken);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(_queue.ChunksKept >= guests.Length / 16);

        for (var i = 0; i < 100; i++) FillAndEmpty(guests.AsSpan(0, 10), taken);

        Assert.InRange(_queue.ChunksKept, 1, 10);
    }

    [Fact]
    public void AnySequence_IsServedAsTheRuleSays() => Check.Sample(
        Gen.Int[0, 9].SelectMany(kind => Gen.Select(Gen.Const(kind), Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[1, 90]))
            .Array[1, 120],
        steps =>
        {
            var queue = new FairQueue();
            var model = new FairQueueModel();
            var flows = Enumerable.Range(0, 5).Select(_ => new FairQueue.Flow()).ToArray();
            var number = 0;
            foreach (var (kind, conference, priority, count) in steps)
            {
                if (kind == 0)
                {
                    queue.Raise(flows[conference], (DeliveryPriority)priority);
                    model.Raise(conference, priority);
                }
                else if (kind < 6)
                {
                    for (var i = 0; i < count; i++)
                    {
                        var guest = new Guest(flows[conference], number++, (DeliveryPriority)priority);
                        queue.Enqueue(flows[conference], guest.Priority, guest);
                        model.Enqueue(conference, priority, guest);
                    }
                }
                else
                {
                    AssertSame(queue, model, count);
                }
            }

            AssertSame(queue, model, int.MaxValue);
        });

    private static void AssertSame(FairQueue queue, FairQueueModel model, int count)
    {
        Assert.Equal(model.Count, queue.Count);
        var served = new IWindowGuest[Math.Min(count, queue.Count + 1)];
        served = served[..queue.Take(served)];
        Assert.Equal(model.Take(count), served);
    }

    private void FillAndEmpty(ReadOnlySpan<Guest> guests, IWindowGuest[] taken)
    {
        foreach (var guest in guests) _queue.Enqueue(_one, guest.Priority, guest);
        Assert.True(_queue.Take(taken) == guests.Length);
    }

    private void Enqueue(FairQueue.Flow flow, int count, DeliveryPriority priority)
    {
        for (var i = 0; i < count; i++) _queue.Enqueue(flow, priority, new Guest(flow, i, priority));
    }

    private List<Guest> Take(int count)
    {
        var taken = new IWindowGuest[count];
        return [.. taken.Take(_queue.Take(taken)).Cast<Guest>()];
    }

    private sealed record Guest(FairQueue.Flow Flow, int Number, DeliveryPriority Priority) : IWindowGuest
    {
        public void Fire(int place) => throw new NotSupportedException();
    }
}
