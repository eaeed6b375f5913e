using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Reads events as the store keeps them and notifications carry them.</summary>
/// <remarks>
/// A fragment is one element in UTF-8 without declaration, white space around it, or namespace (inside a notification
/// it is in that one's). It is read for as long as conferences are kept, so elements, attributes, words and defaults
/// below are never changed or reused, only added to, with a default that means what their absence meant before:
/// <code>
/// event revision="1.." author="URI" request="id, absent for an event of the server" at="UTC, milliseconds"
///   one of
///   created [subject] default-rights="words" [open="true"], member*   member uri role rights [name] [own-events]
///   joined, member+                               left uri reason="left|removed"
///   rights-changed uri role rights                default-rights-changed rights
///   rights-requested rights                       document-shared document name pages
///   document-closed document                      page-shared document page width height type bytes sha256
///   board-changed document page cause="operation|undo|redo" digest="64 hex digits", (put | drop)*
///     put [owner, absent for the author] order id kind points [color="#000000ff"] [width="200"] [type], text or Base64
///     drop id
///   turn-awaited document page                    page-turned document page
///   turn-refused document page reason             save-awaited
///   saved file bytes sha256, (missing document page)*
///   save-failed reason                            said, text                                   ended
/// </code>
/// </remarks>
public static class EventReader
{
    /// <summary>For what this program wrote itself: configuration may have become stricter since.</summary>
    private static readonly ProtocolLimits OwnFragments = new()
    {
        BodyBytesMax = 64 * 1024 * 1024,
        AttributesMax = 256,
        ElementsMax = int.MaxValue,
        TagBytesMax = int.MaxValue,
        AttributeBytesMax = int.MaxValue,
        LineCharactersMax = int.MaxValue,
        TextCharactersMax = int.MaxValue,
        MembersMax = int.MaxValue,
        MarksPerOperationMax = int.MaxValue,
        PointsPerMarkMax = int.MaxValue,
        MarkImageBytesMax = int.MaxValue,
        PageBytesMax = int.MaxValue,
        PagesPerDocumentMax = int.MaxValue,
        PartsMax = int.MaxValue,
    };

    /// <summary>Reads what <see cref="EventWriter.WriteFragment"/> wrote, in this or any earlier version.</summary>
    /// <returns>False when the fragment is damaged, or from a later version with events that this one does not know.
    /// </returns>
    public static bool TryReadFragment(
        ReadOnlyMemory<byte> fragment, [NotNullWhen(true)] out ConferenceEvent? conferenceEvent)
    {
        BodyReading.Run(
            fragment, OwnFragments, string.Empty, static body => body.Name == "event" ? Read(body) : null,
            out conferenceEvent, out _, out _);
        return conferenceEvent is not null;
    }

    /// <summary>Reads the current element.</summary>
    /// <returns>Null, without a fault, when nothing in it is known to this version.</returns>
    internal static ConferenceEvent? Read(BodyReader body)
    {
        var revision = body.Long("revision", 1, long.MaxValue);
        var author = body.Participant("author");
        var requestId = body.IdOrEmpty("request");
        var at = body.Time("at");
        EventBody? what = null;
        var depth = body.Depth;
        while (body.NextChild(depth)) what ??= Body(body, author);
        return what is null ? null : new ConferenceEvent(revision, author, requestId, at, what);
    }

    private static EventBody? Body(BodyReader body, ParticipantUri author) => body.Name switch
    {
        "created" => new ConferenceCreated(
            body.LineOrNull("subject"), body.Rights("default-rights"), body.Flag("open"), body.Roster()),
        "joined" => new MembersJoined(body.Roster()),
        "left" => new MemberLeft(body.Participant("uri"), body.Word("reason", Words.ToLeaveReason)),
        "rights-changed" => new RightsChanged(body.Participant("uri"), body.Role("role"), body.Rights("rights")),
        "default-rights-changed" => new DefaultRightsChanged(body.Rights("rights")),
        "rights-requested" => new RightsRequested(body.Rights("rights")),
        "document-shared" => new DocumentShared(
            body.Id("document"), body.Line("name"), body.Int("pages", 1, body.Limits.PagesPerDocumentMax)),
        "document-closed" => new DocumentClosed(body.Id("document")),
        "page-shared" => new PageShared(body.Descriptor()),
        "board-changed" => new BoardChanged(
            body.Page(), body.Word("cause", Words.ToCause), BoardDigest: body.Digest("digest"),
            Changes: Changes(body, author)),
        "turn-awaited" => new TurnAwaited(body.Page()),
        "page-turned" => new PageTurned(body.Page()),
        "turn-refused" => new TurnRefused(body.Page(), body.Line("reason")),
        "save-awaited" => new SaveAwaited(),
        "saved" => new ConferenceSaved(
            body.Id("file"), body.Long("bytes", 0, long.MaxValue), body.Digest("sha256"), Missing(body)),
        "save-failed" => new SaveFailed(body.Line("reason")),
        "said" => new ChatSaid(body.Text(body.Limits.TextCharactersMax)),
        "ended" => new ConferenceEnded(),
        _ => null,
    };

    private static ImmutableArray<MarkChange> Changes(BodyReader body, ParticipantUri author)
    {
        var changes = ImmutableArray.CreateBuilder<MarkChange>();
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            if (body.Name == "put") changes.Add(new PutMark(body.Placed(author)));
            else if (body.Name == "drop") changes.Add(new DropMark(body.Id("id")));
        }

        return changes.DrainToImmutable();
    }

    private static ImmutableArray<PageRef> Missing(BodyReader body)
    {
        var pages = ImmutableArray.CreateBuilder<PageRef>();
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            if (body.Name == "missing") pages.Add(body.Page());
        }

        return pages.DrainToImmutable();
    }
}
