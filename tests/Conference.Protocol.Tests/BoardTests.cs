using CsCheck;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Protocol.Tests;

public class BoardTests
{
    private static readonly Gen<MarkChange> Change = Gen.Select(
        Gen.Int[0, 5], Generated.Placed, Gen.Bool,
        (id, placed, isPut) => isPut
            ? new PutMark(placed with { Mark = placed.Mark with { Id = $"m{id}" } })
            : (MarkChange)new DropMark($"m{id}"));

    [Fact]
    public void Apply_AnyChanges_KeepsTheDigestOfTheMarks() => Change.Array[0, 30].Sample(changes =>
    {
        var board = Board.Empty.Apply([.. changes]);
        Assert.Equal(BoardDigest.Of(board.Marks.Values), board.Digest);
        Assert.Equal(Board.Of(board.Marks.Values).Digest, board.Digest);
    });

    [Fact]
    public void Apply_OneByOneOrTogether_GivesTheSame() => Change.Array[0, 30].Sample(changes =>
    {
        var together = Board.Empty.Apply([.. changes]);
        var single = changes.Aggregate(Board.Empty, (board, change) => board.Apply([change]));
        Assert.Equal(together.Digest, single.Digest);
        Assert.Equal(Dump.Of(together.InPaintingOrder()), Dump.Of(single.InPaintingOrder()));
    });

    [Fact]
    public void Apply_AllDropped_IsEmptyAgain() => Change.Array[0, 30].Sample(changes =>
    {
        var board = Board.Empty.Apply([.. changes]);
        board = board.Apply([.. board.Marks.Keys.Select(id => new DropMark(id))]);
        Assert.Equal(new string('0', 64), board.Digest.ToString());
    });

    [Fact]
    public void InPaintingOrder_Any_RisesByOrder() => Generated.Placed.Array[0, 20].Sample(marks =>
    {
        var order = Board.Of(marks).InPaintingOrder().Select(placed => placed.Order).ToList();
        Assert.Equal(order.Order(), order);
    });
}
