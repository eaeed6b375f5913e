using Conference.Client.Model;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Client.Tests;

/// <summary>A small conference and its events.</summary>
internal static class ModelData
{
    internal static readonly ConferenceUri Here = ConferenceUri.Parse("sip:conf-1@conf.example");
    internal static readonly ParticipantUri Chair = ParticipantUri.Parse("sip:chair@example.org");
    internal static readonly ParticipantUri Ana = ParticipantUri.Parse("sip:ana@example.org");
    internal static readonly PageRef Page = new("doc", 1);
    internal static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    internal static Mark Line(string id, int x = 100) => new()
    {
        Id = id,
        Kind = MarkKind.Line,
        Points = [new PagePoint(x, 100), new PagePoint(x + 500, 900)],
    };

    internal static PlacedMark Placed(string id, long revision, int x = 100) =>
        new(Line(id, x), Chair, revision * 65_536);

    internal static ConferenceEvent Event(long revision, EventBody body) =>
        new(revision, Chair, $"r{revision}", At, body);

    internal static Notification Notify(params ConferenceEvent[] events) =>
        new(Here, events[0].Revision, events[^1].Revision, [.. events]);

    internal static ConferenceEvent Created(long revision = 1) => Event(revision, new ConferenceCreated(
        "Ward round", Rights.Draw, true,
        [
            new RosterEntry(Chair, "Chair", Role.Chair, Rights.All, true),
            new RosterEntry(Ana, null, Role.Participant, Rights.Draw),
        ]));

    internal static ConferenceEvent Drawn(
        ConferenceModel before, long revision, params MarkChange[] changes) => Event(
        revision, new BoardChanged(Page, BoardChangeCause.Operation, [.. changes],
            before.BoardOf(Page).Apply([.. changes]).Digest.ToString()));

    internal static PageDescriptor Describe(byte[] content, PageRef? page = null) =>
        new(page ?? Page, 100, 200, "image/png", content.Length, ContentDigest.OfHex(content));

    internal static ConferenceModel AfterCreation() =>
        ModelRules.Take(ConferenceModel.Empty(Here), Notify(Created())).Model;

    internal static Snapshot SnapshotOf(ConferenceModel model) => new(
        model.Uri, model.Revision, model.Subject, model.DefaultRights, model.IsOpen,
        [.. model.Roster.Values], model.Requests,
        [
            .. model.Documents.Values.Select(document => new DocumentState(
                document.DocumentId, document.Name, document.PageCount, document.Sharer,
                [.. document.Pages.Values])),
        ],
        model.CurrentPage, [.. model.Boards.Select(board => board.Value.ToState(board.Key))]);
}
