using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>Marks: operations, undo, redo, pointers.</summary>
internal static class BoardRules
{
    internal static Decision Operate(
        ConferenceState state, RequestSender sender, Operate operate, FocusOptions options)
    {
        if (!sender.May(Rights.Draw)) return new Decision.Refuse(RefuseReason.NoRight);
        if (operate.Operations.Length > options.OperationsPerRequestMax)
        {
            return new Decision.Refuse(RefuseReason.TooLarge, "operations");
        }

        if (DocumentRules.CheckPage(state, operate.Page, out var document) is { } fault) return fault;
        if (!document!.Pages.ContainsKey(operate.Page.Number)) return new Decision.Refuse(RefuseReason.PageMissing);
        var board = state.BoardOf(operate.Page);
        var draft = new BoardDraft(board, sender, state.Revision + 1, options);
        foreach (var operation in operate.Operations)
        {
            if (draft.TryAdd(operation) is { } refusal) return refusal;
        }

        return Accept(state, operate.Page, BoardChangeCause.Operation, draft.Changes, options);
    }

    internal static Decision Undo(ConferenceState state, RequestSender sender, FocusOptions options)
    {
        if (!sender.May(Rights.Draw)) return new Decision.Refuse(RefuseReason.NoRight);
        var entries = state.Histories.GetValueOrDefault(sender.Uri, UndoHistory.Empty).Done;
        return Reverse(state, sender, entries, BoardChangeCause.Undo, options);
    }

    internal static Decision Redo(ConferenceState state, RequestSender sender, FocusOptions options)
    {
        if (!sender.May(Rights.Draw)) return new Decision.Refuse(RefuseReason.NoRight);
        var entries = state.Histories.GetValueOrDefault(sender.Uri, UndoHistory.Empty).Undone;
        return Reverse(state, sender, entries, BoardChangeCause.Redo, options);
    }

    internal static Decision Point(ConferenceState state, RequestSender sender, MovePointer move)
    {
        if (DocumentRules.CheckPage(state, move.Page, out _) is { } fault) return fault;
        return move.Point is { IsOnPage: false }
            ? new Decision.Refuse(RefuseReason.MarkOutsidePage)
            : new Decision.Point(new PointerPosition(sender.Uri, move.Page, move.Point));
    }

    private static Decision Reverse(
        ConferenceState state, RequestSender sender, ImmutableList<PageEdit> entries, BoardChangeCause cause,
        FocusOptions options)
    {
        var index = UndoHistory.FindReversible(entries, state.BoardOf, out var changes);
        if (index < 0) return new Decision.Refuse(RefuseReason.NothingToUndo);
        // Taking back gives others their marks as they were. Doing again touches them, which needs the right now too.
        if (cause == BoardChangeCause.Redo && !sender.May(Rights.EditOthers)
            && entries[index].Edits.Any(edit => (edit.After ?? edit.Before)!.Owner != sender.Uri))
        {
            return new Decision.Refuse(RefuseReason.NoRight);
        }

        return Accept(state, entries[index].Page, cause, Fitting(changes), options);
    }

    /// <summary>As many changes as one event holds, at least one: a page with four pictures that was cleared does not
    /// come back in one. What is left comes with the next undo or redo.</summary>
    private static ImmutableArray<MarkChange> Fitting(ImmutableArray<MarkChange> changes)
    {
        var bytes = EventSize.MostOf(changes[0]);
        for (var i = 1; i < changes.Length; i++)
        {
            bytes += EventSize.MostOf(changes[i]);
            if (bytes > EventSize.ChangesBytesMax) return changes[..i];
        }

        return changes;
    }

    private static Decision Accept(
        ConferenceState state, PageRef page, BoardChangeCause cause, ImmutableArray<MarkChange> changes,
        FocusOptions options)
    {
        if (changes.IsEmpty) return new Decision.Done();
        var before = state.BoardOf(page);
        var after = before.Apply(changes);
        if (after.Marks.Count > before.Marks.Count && after.Marks.Count > options.MarksPerPageMax)
        {
            return new Decision.Refuse(RefuseReason.TooManyMarks);
        }

        var added = PageEdit.Of(page, before, after, changes).BytesAdded;
        if (added > 0 && state.MarkBytes.GetValueOrDefault(page) + added > options.MarkBytesPerPageMax)
        {
            return new Decision.Refuse(RefuseReason.TooManyMarks);
        }

        return new Decision.Accept(new BoardChanged(page, cause, changes, after.Digest.ToString()));
    }
}
