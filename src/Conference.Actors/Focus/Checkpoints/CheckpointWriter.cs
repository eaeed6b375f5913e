using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>Writes the fields of <see cref="CheckpointCodec"/>, in its order.</summary>
internal sealed class CheckpointWriter(BinaryWriter to)
{
    private readonly Dictionary<PlacedMark, int> _marks = [];

    internal void Write(ConferenceState state)
    {
        to.Write(state.Uri.Value);
        to.Write(state.Revision);
        Optional(state.Subject);
        to.Write((byte)state.DefaultRights);
        to.Write(state.IsOpen);
        to.Write(state.CreatedAt.UtcTicks);
        to.Write(state.ChangedAt.UtcTicks);
        to.Write(state.HasEnded);
        All(state.Roster.Values, Member);
        All(state.RaisedHands, hand =>
        {
            to.Write(hand.Participant.Value);
            to.Write((byte)hand.Rights);
        });
        All(state.Documents.Values, Document);
        to.Write(state.CurrentPage is not null);
        if (state.CurrentPage is { } current) Page(current);
        MarkTable(state);
        All(state.Boards, board =>
        {
            Page(board.Key);
            to.Write(board.Value.Digest.ToString());
            All(board.Value.Marks.Values, placed => to.Write7BitEncodedInt(_marks[placed]));
        });
        All(state.Histories, history =>
        {
            to.Write(history.Key.Value);
            All(history.Value.Done, Edit);
            All(history.Value.Undone, Edit);
        });
        All(state.AwaitedTurns, turn =>
        {
            Page(turn.Page);
            Awaited(turn.Requester, turn.RequestId, turn.Revision, turn.Since);
        });
        All(state.AwaitedSaves, save => Awaited(save.Requester, save.RequestId, save.Revision, save.Since));
        All(state.Requests, memory =>
        {
            to.Write(memory.Key.Value);
            All(memory.Value.OldestFirst.ToList(), request =>
            {
                to.Write(request.Key);
                to.Write(request.Value.Revision);
                to.Write(request.Value.ContentHash);
            });
        });
    }

    private void All<T>(IReadOnlyCollection<T> items, Action<T> write)
    {
        to.Write7BitEncodedInt(items.Count);
        foreach (var item in items) write(item);
    }

    private void All<T>(IEnumerable<T> items, Action<T> write) => All((IReadOnlyCollection<T>)[.. items], write);

    private void Optional(string? text)
    {
        to.Write(text is not null);
        if (text is not null) to.Write(text);
    }

    private void Page(PageRef page)
    {
        to.Write(page.DocumentId);
        to.Write7BitEncodedInt(page.Number);
    }

    private void Member(RosterEntry member)
    {
        to.Write(member.Participant.Value);
        Optional(member.DisplayName);
        to.Write((byte)member.Role);
        to.Write((byte)member.Rights);
        to.Write(member.WantsOwnEvents);
    }

    private void Document(SharedDocument document)
    {
        to.Write(document.DocumentId);
        to.Write(document.Name);
        to.Write7BitEncodedInt(document.PageCount);
        to.Write(document.Sharer.Value);
        to.Write(document.Revision);
        All(document.Pages.Values, known =>
        {
            to.Write7BitEncodedInt(known.Descriptor.Page.Number);
            to.Write7BitEncodedInt(known.Descriptor.PixelWidth);
            to.Write7BitEncodedInt(known.Descriptor.PixelHeight);
            to.Write(known.Descriptor.MediaType);
            to.Write7BitEncodedInt(known.Descriptor.ContentBytes);
            to.Write(known.Descriptor.Digest);
            to.Write(known.IsCached);
        });
    }

    private void MarkTable(ConferenceState state)
    {
        var edits = state.Histories.Values.SelectMany(history => history.Done.Concat(history.Undone))
            .SelectMany(edit => edit.Edits);
        var marks = state.Boards.Values.SelectMany(board => board.Marks.Values)
            .Concat(edits.SelectMany(edit => new[] { edit.Before, edit.After }).OfType<PlacedMark>());
        foreach (var placed in marks) _marks.TryAdd(placed, _marks.Count);
        All(_marks.OrderBy(mark => mark.Value).Select(mark => mark.Key), Mark);
    }

    private void Mark(PlacedMark placed)
    {
        var mark = placed.Mark;
        to.Write(placed.Owner.Value);
        to.Write(placed.Order);
        to.Write(mark.Id);
        to.Write((byte)mark.Kind);
        to.Write(mark.Color);
        to.Write7BitEncodedInt(mark.Width);
        All(mark.Points, point =>
        {
            to.Write7BitEncodedInt(point.X);
            to.Write7BitEncodedInt(point.Y);
        });
        Optional(mark.Text);
        Optional(mark.Image?.MediaType);
        if (mark.Image is not { } image) return;
        to.Write7BitEncodedInt(image.Content.Length);
        to.Write(image.Content.AsSpan());
    }

    private void Edit(PageEdit edit)
    {
        Page(edit.Page);
        All(edit.Edits, each =>
        {
            to.Write(each.MarkId);
            to.Write7BitEncodedInt(each.Before is { } before ? _marks[before] + 1 : 0);
            to.Write7BitEncodedInt(each.After is { } after ? _marks[after] + 1 : 0);
        });
    }

    private void Awaited(ParticipantUri requester, string requestId, long revision, DateTimeOffset since)
    {
        to.Write(requester.Value);
        to.Write(requestId);
        to.Write(revision);
        to.Write(since.UtcTicks);
    }
}
