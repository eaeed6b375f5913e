using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Client.Model;

/// <summary>What a message from the server did to the model.</summary>
public enum ModelOutcome
{
    /// <summary>It moved the model on.</summary>
    Applied,

    /// <summary>Nothing in it was new: a delivery that was repeated.</summary>
    AlreadySeen,

    /// <summary>Revisions between the model and the message are missing: nothing was applied.</summary>
    Gap,

    /// <summary>It was applied, but a board's digest is not the server's: only a snapshot repairs that.</summary>
    BoardDiffers,
}

/// <summary>The outcome with the model after it and the events that were applied.</summary>
public sealed record ModelStep(ModelOutcome Outcome, ConferenceModel Model, ImmutableArray<ConferenceEvent> Events);

/// <summary>Follows the conference by its revisions (R1, R3, R6). Pure.</summary>
public static class ModelRules
{
    /// <summary>Applies the events of a notification that are new.</summary>
    /// <remarks>A model at revision 0 knows nothing and waits for a snapshot, or for the history from its first
    /// event. The range counts, not the list: a revision that is not in it was superseded by a later one.</remarks>
    public static ModelStep Take(ConferenceModel model, Notification notification)
    {
        if (notification.ToRevision <= model.Revision) return new(ModelOutcome.AlreadySeen, model, []);
        if (notification.FromRevision > model.Revision + 1) return new(ModelOutcome.Gap, model, []);
        var applied = ImmutableArray.CreateBuilder<ConferenceEvent>(notification.Events.Length);
        var outcome = ModelOutcome.Applied;
        foreach (var happened in notification.Events)
        {
            if (happened.Revision <= model.Revision) continue;
            model = EventRules.Apply(model, happened) with { Revision = happened.Revision };
            applied.Add(happened);
            if (happened.Body is BoardChanged changed
                && model.BoardOf(changed.Page).Digest.ToString() != changed.BoardDigest)
            {
                outcome = ModelOutcome.BoardDiffers;
            }
        }

        return new(outcome, model with { Revision = notification.ToRevision }, applied.ToImmutable());
    }

    /// <summary>Replaces the model by a whole snapshot, unless the model is further.</summary>
    /// <remarks>One of the same revision is taken: that is how a diverged board is repaired. A board that does not
    /// have the digest it names gives <see cref="ModelOutcome.BoardDiffers"/> and the model as it was. Of what comes
    /// twice, which a server never sends, the last one counts.</remarks>
    public static ModelStep Take(ConferenceModel model, Snapshot snapshot)
    {
        if (snapshot.Revision < model.Revision) return new(ModelOutcome.AlreadySeen, model, []);
        var boards = ImmutableDictionary.CreateBuilder<PageRef, Board>();
        foreach (var state in snapshot.Boards)
        {
            var board = Board.Of(state.Marks);
            if (board.Digest.ToString() != state.BoardDigest) return new(ModelOutcome.BoardDiffers, model, []);
            boards[state.Page] = board;
        }

        var documents = snapshot.Documents.Select(document => new DocumentModel(
            document.DocumentId, document.Name, document.PageCount, document.Sharer,
            ImmutableSortedDictionary<int, PageDescriptor>.Empty.SetItems(
                document.Pages.Select(page => KeyValuePair.Create(page.Page.Number, page)))));
        var taken = model with
        {
            Revision = snapshot.Revision,
            Subject = snapshot.Subject,
            DefaultRights = snapshot.DefaultRights,
            IsOpen = snapshot.IsOpen,
            Roster = EventRules.RosterOf(snapshot.Roster),
            Requests = snapshot.Requests,
            Documents = ImmutableDictionary<string, DocumentModel>.Empty.SetItems(
                documents.Select(document => KeyValuePair.Create(document.DocumentId, document))),
            CurrentPage = snapshot.CurrentPage,
            Boards = boards.ToImmutable(),
            LastSaved = null,
        };
        return new(ModelOutcome.Applied, taken, []);
    }
}
