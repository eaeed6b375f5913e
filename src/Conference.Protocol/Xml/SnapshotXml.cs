using System.Collections.Immutable;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>The element <c>snapshot</c>: single values as attributes, lists as children.</summary>
internal static class SnapshotXml
{
    internal static Utf8XmlWriter Write(Utf8XmlWriter xml, Snapshot snapshot)
    {
        Head(xml, snapshot);
        xml.Roster(snapshot.Roster);
        foreach (var hand in snapshot.Requests) Hand(xml, hand);
        foreach (var document in snapshot.Documents)
        {
            StartDocument(xml, document);
            foreach (var page in document.Pages) xml.Cached(page);
            xml.End("document");
        }

        foreach (var board in snapshot.Boards)
        {
            StartBoard(xml, board);
            foreach (var mark in board.Marks) xml.Placed("mark", mark);
            xml.End("board");
        }

        return xml.End("snapshot");
    }

    internal static Utf8XmlWriter Head(Utf8XmlWriter xml, Snapshot snapshot)
    {
        xml.StartRoot("snapshot").Attribute("conference", snapshot.Conference.Value)
            .Attribute("revision", snapshot.Revision).Attribute("subject", snapshot.Subject)
            .Attribute("default-rights", Words.Of(snapshot.DefaultRights)).Flag("open", snapshot.IsOpen);
        if (snapshot.CurrentPage is { } page) xml.Page(page);
        return xml.Part(snapshot.Part, snapshot.Parts);
    }

    internal static Utf8XmlWriter Hand(Utf8XmlWriter xml, RaisedHand hand) => xml.Start("hand")
        .Attribute("uri", hand.Participant.Value).Attribute("rights", Words.Of(hand.Rights)).End("hand");

    internal static Utf8XmlWriter StartDocument(Utf8XmlWriter xml, DocumentState document) => xml.Start("document")
        .Attribute("id", document.DocumentId).Attribute("name", document.Name).Attribute("pages", document.PageCount)
        .Attribute("sharer", document.Sharer.Value);

    internal static Utf8XmlWriter StartBoard(Utf8XmlWriter xml, BoardState board) =>
        xml.Start("board").Page(board.Page).Attribute("digest", board.BoardDigest);

    internal static Snapshot Read(BodyReader body)
    {
        var conference = body.Conference("conference");
        var revision = body.Long("revision", 0, long.MaxValue);
        var subject = body.LineOrNull("subject");
        var defaultRights = body.Rights("default-rights");
        var isOpen = body.Flag("open");
        PageRef? current = body.Has("document") ? body.Page() : null;
        var (part, parts) = body.Part();
        var roster = ImmutableArray.CreateBuilder<RosterEntry>();
        var hands = ImmutableArray.CreateBuilder<RaisedHand>();
        var documents = ImmutableArray.CreateBuilder<DocumentState>();
        var boards = ImmutableArray.CreateBuilder<BoardState>();
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            switch (body.Name)
            {
                case "member":
                    roster.Add(body.Member());
                    break;
                case "hand":
                    hands.Add(new RaisedHand(body.Participant("uri"), body.Rights("rights")));
                    break;
                case "document":
                    documents.Add(Document(body));
                    break;
                case "board":
                    boards.Add(new BoardState(body.Page(), body.Digest("digest"), Marks(body)));
                    break;
            }
        }

        return new Snapshot(
            conference, revision, subject, defaultRights, isOpen, roster.DrainToImmutable(), hands.DrainToImmutable(),
            documents.DrainToImmutable(), current, boards.DrainToImmutable(), part, parts);
    }

    private static DocumentState Document(BodyReader body)
    {
        var id = body.Id("id");
        var name = body.Line("name");
        var pageCount = body.Int("pages", 1, body.Limits.PagesPerDocumentMax);
        var sharer = body.Participant("sharer");
        var pages = ImmutableArray.CreateBuilder<PageDescriptor>();
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            if (body.Name == "cached") pages.Add(body.Cached(id));
        }

        return new DocumentState(id, name, pageCount, sharer, pages.DrainToImmutable());
    }

    private static ImmutableArray<PlacedMark> Marks(BodyReader body)
    {
        var marks = ImmutableArray.CreateBuilder<PlacedMark>();
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            if (body.Name == "mark") marks.Add(body.Placed());
        }

        return marks.DrainToImmutable();
    }
}
