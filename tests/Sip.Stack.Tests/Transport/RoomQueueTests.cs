using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class RoomQueueTests
{
    private readonly RoomQueue _room = new(1_000);
    private readonly List<int> _called = [];

    [Fact]
    public void TakeNext_TakesAsManyAsTheRoomHolds_InOrder()
    {
        for (var i = 0; i < 10; i++) Refuse(i, 200);

        Assert.Null(_room.TakeNext(501)); // Less than half is free.
        Assert.Equal([0, 1, 2], Next(400));
        Assert.Null(_room.TakeNext(400)); // What is free is promised to them.
        for (var i = 0; i < 3; i++) Assert.True(_room.TryEnter(200));
        Assert.False(_room.TryEnter(200)); // Who comes now is behind those who wait.
        Assert.Equal([3, 4], Next(500));
    }

    [Fact]
    public void Promise_ThatNobodyTakesUp_IsForgottenByAnEmptyQueue()
    {
        for (var i = 0; i < 8; i++) Refuse(i, 200);

        Assert.Equal([0, 1, 2, 3, 4], Next(0));
        Assert.Null(_room.TakeNext(100));
        Assert.Equal([5, 6, 7], Next(0));
        Assert.True(_room.IsEmpty);
        Assert.True(_room.TryEnter(900));
    }

    [Fact]
    public void Message_LargerThanHalfOfTheQueue_IsWokenWhenItFits()
    {
        Refuse(0, 700);

        Assert.Null(_room.TakeNext(301));
        Assert.Equal([0], Next(300));
    }

    [Fact]
    public void Run_OfManyMessages_IsNotOneForEachWhoWaits()
    {
        _room.NoteRefused(600); // One write of six messages.
        for (var i = 0; i < 6; i++) Add(i);

        Assert.Equal(6, Next(400).Count);
    }

    [Fact]
    public void Messages_WhoseOwnersDidNotWait_KeepNobodyFromHisTurn()
    {
        for (var i = 0; i < 100; i++) _room.NoteRefused(900);
        Add(0);

        Assert.Equal([0], Next(0));
    }

    [Fact]
    public void TakeAll_TakesAll()
    {
        for (var i = 0; i < 20; i++) Refuse(i, 1_000);

        Assert.Equal(20, _room.TakeAll()!.Count);
        Assert.Null(_room.TakeAll());
        Assert.Null(_room.TakeNext(0));
    }

    private void Refuse(int number, int bytes)
    {
        _room.NoteRefused(bytes);
        Add(number);
    }

    private void Add(int number) => _room.Add(() => _called.Add(number));

    private List<int> Next(int usedBytes)
    {
        _called.Clear();
        foreach (var callback in _room.TakeNext(usedBytes)!) callback();
        return [.. _called];
    }
}
