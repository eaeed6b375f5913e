using Conference.Actors.Fanout;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class RecipientTableTests
{
    private readonly RecipientTable _table = new();

    [Fact]
    public void Recipients_AreFound_BeforeAndAfterTheArrayIsMade()
    {
        int[] numbers = [5, 1, 9, 3, 7, 20, 11];
        foreach (var number in numbers) _table.Add(Make(number));
        foreach (var number in numbers) Assert.Equal(Name(number), _table.Find(Name(number))!.Participant);
        Assert.Null(_table.Find(Name(2)));

        var all = _table.All();

        Assert.Equal(
            numbers.Select(number => Name(number).Value).Order(StringComparer.Ordinal),
            all.Select(recipient => recipient.Participant.Value));
        foreach (var recipient in all) Assert.Same(recipient, _table.Find(recipient.Participant));
        Assert.Null(_table.Find(Name(2)));
        Assert.Null(_table.Find(Name(99)));
    }

    [Fact]
    public void All_AfterSomeCameWentAndCameBack_IsInOrder()
    {
        foreach (var number in (int[])[10, 30, 50, 70]) _table.Add(Make(number));
        _table.All();
        _table.Remove(Name(50));
        var back = Make(50);
        _table.Add(back);
        _table.Remove(Name(10));
        foreach (var number in (int[])[90, 40, 60, 20]) _table.Add(Make(number));

        var all = _table.All();

        Assert.Equal(
            new[] { 20, 30, 40, 50, 60, 70, 90 }.Select(Name), all.Select(recipient => recipient.Participant));
        Assert.Same(back, all[3]);
    }

    [Fact]
    public void Removed_IsGoneAtOnce_AndFromTheNextArray()
    {
        foreach (var number in (int[])[1, 2, 3]) _table.Add(Make(number));
        var before = _table.All();

        Assert.Same(before[1], _table.Remove(Name(2)));
        Assert.Null(_table.Find(Name(2)));
        Assert.Null(_table.Remove(Name(2)));
        Assert.Equal(3, before.Length); // Whoever reads it goes on reading it.
        Assert.Equal([Name(1), Name(3)], _table.All().Select(recipient => recipient.Participant));
    }

    [Fact]
    public void OneThatComesBackBeforeTheArrayIsMade_IsTheNewOne()
    {
        _table.Add(Make(1));
        var first = _table.All()[0];
        _table.Remove(Name(1));
        var second = Make(1);
        _table.Add(second);

        Assert.Same(second, _table.Find(Name(1)));
        Assert.Same(second, Assert.Single(_table.All()));
        Assert.NotSame(first, second);
    }

    [Fact]
    public void OneThatComesAndGoesBeforeTheArrayIsMade_IsNotInIt()
    {
        _table.Add(Make(1));
        _table.Remove(Name(1));

        Assert.Empty(_table.All());
    }

    [Fact]
    public void Array_IsTheSame_UntilSomebodyComesOrGoes()
    {
        _table.Add(Make(1));
        var all = _table.All();

        Assert.Same(all, _table.All());
        _table.Add(Make(2));
        Assert.NotSame(all, _table.All());
    }

    private static ParticipantUri Name(int number) => FanoutBench.Member(number);

    private static Recipient Make(int number) =>
        new(null!, new RosterEntry(Name(number), null, Role.Participant, Rights.None), null!);
}
