using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>What one mark was before an operation and after it; null where it was not there.</summary>
public sealed record MarkEdit(string MarkId, PlacedMark? Before, PlacedMark? After);

/// <summary>What one operation did to one page, one edit per mark.</summary>
public sealed record PageEdit(PageRef Page, ImmutableArray<MarkEdit> Edits)
{
    /// <summary>About how many bytes more the page's marks have after it; negative for less.</summary>
    public long BytesAdded => Edits.Sum(edit => WeightOf(edit.After) - WeightOf(edit.Before));

    /// <summary>The net effect of changes on a board, which they brought from one to the other.</summary>
    public static PageEdit Of(PageRef page, Board before, Board after, ImmutableArray<MarkChange> changes)
    {
        var ids = changes.Select(IdOf).Distinct(StringComparer.Ordinal);
        var edits = ids.Select(id =>
            new MarkEdit(id, before.Marks.GetValueOrDefault(id), after.Marks.GetValueOrDefault(id)));
        return new PageEdit(page, [.. edits.Where(edit => edit.Before != edit.After)]);
    }

    /// <summary>The changes that take this back on a board as it is now. A mark that somebody else has changed since is
    /// left alone; empty when that is true for all of them.</summary>
    public ImmutableArray<MarkChange> Reverse(Board now)
    {
        var changes = ImmutableArray.CreateBuilder<MarkChange>(Edits.Length);
        foreach (var edit in Edits)
        {
            if (now.Marks.GetValueOrDefault(edit.MarkId) != edit.After) continue;
            changes.Add(edit.Before is { } before ? new PutMark(before) : new DropMark(edit.MarkId));
        }

        return changes.DrainToImmutable();
    }

    /// <summary>Without the marks that another edit has to do with, and without those that cannot be reversed on a
    /// board as it is now; null when nothing is left.</summary>
    public PageEdit? Without(PageEdit taken, Board now)
    {
        var ids = taken.Edits.Select(edit => edit.MarkId).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<MarkEdit> left = [.. Edits.Where(edit =>
            !ids.Contains(edit.MarkId) && now.Marks.GetValueOrDefault(edit.MarkId) == edit.After)];
        return left.IsEmpty ? null : this with { Edits = left };
    }

    /// <summary>About what a mark costs in memory and on the wire, in bytes.</summary>
    public static long WeightOf(PlacedMark? placed) => placed is null
        ? 0
        : 128 + (8L * placed.Mark.Points.Length) + (2L * (placed.Mark.Text?.Length ?? 0))
            + (placed.Mark.Image?.Content.Length ?? 0);

    private static string IdOf(MarkChange change) => change switch
    {
        PutMark put => put.Placed.Mark.Id,
        DropMark drop => drop.MarkId,
        _ => throw new System.Diagnostics.UnreachableException($"No id in {change.GetType().Name}"),
    };
}

/// <summary>What one author can undo and redo; the latest last. Immutable.</summary>
/// <remarks>An entry that can do nothing any more (its marks were changed by others, its document was closed) is passed
/// over: undo takes back the latest operation that can still be taken back.</remarks>
public sealed record UndoHistory(ImmutableList<PageEdit> Done, ImmutableList<PageEdit> Undone)
{
    /// <summary>Nothing.</summary>
    public static UndoHistory Empty { get; } = new([], []);

    /// <summary>The entry that an undo or a redo reverses now.</summary>
    /// <param name="entries"><see cref="Done"/> or <see cref="Undone"/>.</param>
    /// <param name="boardOf">The board of a page as it is now.</param>
    /// <param name="changes">What reversing it changes.</param>
    /// <returns>Its index, -1 when there is none.</returns>
    public static int FindReversible(
        ImmutableList<PageEdit> entries, Func<PageRef, Board> boardOf, out ImmutableArray<MarkChange> changes)
    {
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            changes = entries[i].Reverse(boardOf(entries[i].Page));
            if (!changes.IsEmpty) return i;
        }

        changes = [];
        return -1;
    }

    /// <summary>After an operation: it can be undone, and nothing can be redone any more.</summary>
    public UndoHistory WithOperation(PageEdit edit, int depthMax) =>
        edit.Edits.IsEmpty ? this with { Undone = [] } : new UndoHistory(Push(Done, edit, depthMax), []);

    /// <summary>After an undo by this edit of the latest operation that could be undone. What the edit left of it,
    /// since an event holds only so much, can be undone next.</summary>
    /// <param name="boardOf">The boards before the edit.</param>
    /// <param name="edit">What the undo did.</param>
    /// <param name="depthMax">Entries of each side.</param>
    public UndoHistory WithUndo(Func<PageRef, Board> boardOf, PageEdit edit, int depthMax) =>
        new(Take(Done, boardOf, edit), Push(Undone, edit, depthMax));

    /// <summary>After a redo; see <see cref="WithUndo"/>.</summary>
    public UndoHistory WithRedo(Func<PageRef, Board> boardOf, PageEdit edit, int depthMax) =>
        new(Push(Done, edit, depthMax), Take(Undone, boardOf, edit));

    /// <summary>Without the entries of a document.</summary>
    public UndoHistory WithoutDocument(string documentId) => new(
        Done.RemoveAll(edit => edit.Page.DocumentId == documentId),
        Undone.RemoveAll(edit => edit.Page.DocumentId == documentId));

    private static ImmutableList<PageEdit> Push(ImmutableList<PageEdit> entries, PageEdit edit, int depthMax)
    {
        entries = entries.Add(edit);
        return entries.Count > depthMax ? entries.RemoveRange(0, entries.Count - depthMax) : entries;
    }

    /// <summary>Without the entry that the edit reversed, and without those behind it, which cannot be reversed.
    /// </summary>
    private static ImmutableList<PageEdit> Take(
        ImmutableList<PageEdit> entries, Func<PageRef, Board> boardOf, PageEdit edit)
    {
        var index = FindReversible(entries, boardOf, out _);
        if (index < 0) return entries;
        var left = entries[index].Without(edit, boardOf(entries[index].Page));
        entries = entries.RemoveRange(index, entries.Count - index);
        return left is null ? entries : entries.Add(left);
    }
}
