using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Protocol.Notifications;

namespace Conference.Protocol;

/// <summary>The marks of one page with their digest. Immutable. The server's state, the clients and the tests all use
/// this one, so that they cannot differ.</summary>
/// <param name="Marks">By id.</param>
/// <param name="Digest">Of exactly these marks.</param>
public sealed record Board(ImmutableDictionary<string, PlacedMark> Marks, BoardDigest Digest)
{
    /// <summary>A page without marks.</summary>
    public static Board Empty { get; } = new(ImmutableDictionary<string, PlacedMark>.Empty, BoardDigest.Empty);

    /// <summary>A board with these marks; the last one counts where an id comes twice.</summary>
    public static Board Of(IEnumerable<PlacedMark> marks)
    {
        var byId = ImmutableDictionary.CreateBuilder<string, PlacedMark>();
        foreach (var placed in marks) byId[placed.Mark.Id] = placed;
        return new Board(byId.ToImmutable(), BoardDigest.Of(byId.Values));
    }

    /// <summary>The board after these changes, in order.</summary>
    public Board Apply(ImmutableArray<MarkChange> changes)
    {
        var (marks, digest) = BoardChanges.Apply(Marks, Digest, changes);
        return new Board(marks, digest);
    }

    /// <summary>From the lowest to the topmost. Equal places, which a server never gives, go by id.</summary>
    public ImmutableArray<PlacedMark> InPaintingOrder() =>
        [.. Marks.Values.OrderBy(placed => placed.Order).ThenBy(placed => placed.Mark.Id, StringComparer.Ordinal)];

    /// <summary>As a snapshot carries it.</summary>
    public BoardState ToState(PageRef page) => new(page, Digest.ToString(), InPaintingOrder());
}

/// <summary>Applies elementary changes to marks.</summary>
public static class BoardChanges
{
    /// <summary>The marks and their digest after these changes, in order.</summary>
    /// <param name="marks">Before.</param>
    /// <param name="digest">Of <paramref name="marks"/>.</param>
    /// <param name="changes">Dropping a mark that is not there does nothing.</param>
    public static (ImmutableDictionary<string, PlacedMark> Marks, BoardDigest Digest) Apply(
        ImmutableDictionary<string, PlacedMark> marks, BoardDigest digest, ImmutableArray<MarkChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case PutMark put:
                    if (marks.TryGetValue(put.Placed.Mark.Id, out var old)) digest = digest.Toggle(old);
                    digest = digest.Toggle(put.Placed);
                    marks = marks.SetItem(put.Placed.Mark.Id, put.Placed);
                    break;
                case DropMark drop:
                    if (marks.TryGetValue(drop.MarkId, out var gone)) digest = digest.Toggle(gone);
                    marks = marks.Remove(drop.MarkId);
                    break;
                default:
                    throw new UnreachableException($"No rule for {change.GetType().Name}");
            }
        }

        return (marks, digest);
    }
}
