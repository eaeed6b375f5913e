using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>Turns the operations of one request into elementary changes, one after the other: all or none.</summary>
/// <remarks>Lives within one decision. The order of a new mark is its revision times 65,536 plus its place.</remarks>
internal sealed class BoardDraft(Board before, RequestSender sender, long revision, FocusOptions options)
{
    private readonly ImmutableDictionary<string, PlacedMark>.Builder _marks = before.Marks.ToBuilder();
    private readonly ImmutableArray<MarkChange>.Builder _changes = ImmutableArray.CreateBuilder<MarkChange>();
    private int _added;
    private long _bytesMin; // of the event so far

    /// <summary>What the operations so far change.</summary>
    internal ImmutableArray<MarkChange> Changes => _changes.ToImmutable();

    /// <summary>Takes one more operation; null when it is in order.</summary>
    internal Decision.Refuse? TryAdd(MarkOperation operation) => operation switch
    {
        AddMark add => Add(add.Mark),
        ModifyMark modify => Modify(modify.Mark),
        MoveMarks move => Each(move.MarkIds, placed => Move(placed, move.Dx, move.Dy)),
        DeleteMarks delete => Each(delete.MarkIds, Drop),
        ClearPage => Clear(),
        _ => throw new UnreachableException($"No rule for {operation.GetType().Name}"),
    };

    private Decision.Refuse? Add(Mark mark)
    {
        if (MarkRules.Check(mark, options) is { } fault) return fault;
        if (_marks.ContainsKey(mark.Id)) return new Decision.Refuse(RefuseReason.MarkExists, $"mark {mark.Id}");
        return Put(new PlacedMark(mark, sender.Uri, (revision << 16) + _added++));
    }

    private Decision.Refuse? Modify(Mark mark)
    {
        if (MarkRules.Check(mark, options) is { } fault) return fault;
        return Find(mark.Id, out var placed) ?? Put(placed! with { Mark = mark });
    }

    private Decision.Refuse? Move(PlacedMark placed, int dx, int dy)
    {
        var points = placed.Mark.Points.Select(point => (X: (long)point.X + dx, Y: (long)point.Y + dy)).ToArray();
        if (points.Any(point => point.X is < 0 or > PagePoint.Max || point.Y is < 0 or > PagePoint.Max))
        {
            return new Decision.Refuse(RefuseReason.MarkOutsidePage, $"mark {placed.Mark.Id}");
        }

        var moved = points.Select(point => new PagePoint((int)point.X, (int)point.Y)).ToImmutableArray();
        return Put(placed with { Mark = placed.Mark with { Points = moved } });
    }

    private Decision.Refuse? Each(ImmutableArray<string> markIds, Func<PlacedMark, Decision.Refuse?> change)
    {
        if (markIds.IsDefaultOrEmpty) return new Decision.Refuse(RefuseReason.NotValid, "No marks named");
        if (markIds.Length > options.MarksPerPageMax) return new Decision.Refuse(RefuseReason.TooLarge, "marks");
        foreach (var id in markIds)
        {
            if ((Find(id, out var placed) ?? change(placed!)) is { } refusal) return refusal;
        }

        return null;
    }

    private Decision.Refuse? Clear()
    {
        var all = sender.May(Rights.EditOthers);
        var gone = _marks.Values.Where(placed => all || placed.Owner == sender.Uri)
            .OrderBy(placed => placed.Order).ToList();
        foreach (var placed in gone) Drop(placed);
        return null;
    }

    private Decision.Refuse? Find(string markId, out PlacedMark? placed)
    {
        if (!_marks.TryGetValue(markId, out placed))
        {
            return new Decision.Refuse(RefuseReason.UnknownMark, MarkRules.IsName(markId) ? $"mark {markId}" : null);
        }

        return placed.Owner == sender.Uri || sender.May(Rights.EditOthers)
            ? null
            : new Decision.Refuse(RefuseReason.NoRight, "The mark is somebody else's");
    }

    /// <summary>Each move of a heavy mark is another copy of it: a small request could ask for gigabytes of them. What
    /// no event can hold is refused before it is built.</summary>
    private Decision.Refuse? Put(PlacedMark placed)
    {
        _bytesMin += EventSize.LeastOf(placed.Mark);
        if (_bytesMin > StoredEvent.PayloadBytesMax) return new Decision.Refuse(RefuseReason.TooLarge, "operations");
        _marks[placed.Mark.Id] = placed;
        _changes.Add(new PutMark(placed));
        return null;
    }

    private Decision.Refuse? Drop(PlacedMark placed)
    {
        _marks.Remove(placed.Mark.Id);
        _changes.Add(new DropMark(placed.Mark.Id));
        return null;
    }
}
