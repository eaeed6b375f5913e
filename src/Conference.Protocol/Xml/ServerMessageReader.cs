using System.Collections.Immutable;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Reads what the server sends. docs/protocol.md has an example of each.</summary>
public static class ServerMessageReader
{
    /// <summary>Reads one body. Page content is an array of its own.</summary>
    /// <param name="body">Nothing of it is kept.</param>
    /// <param name="limits">See there.</param>
    /// <param name="message">Null with a fault. Events that this version does not know are left out of a notification;
    /// its range counts them all the same.</param>
    /// <param name="fault">Null without one.</param>
    public static ReadOutcome TryRead(
        ReadOnlyMemory<byte> body, ProtocolLimits limits, out ServerMessage? message, out ReadFault? fault) =>
        BodyReading.Run(body, limits, MediaTypes.Namespace, Read, out message, out _, out fault);

    private static ServerMessage? Read(BodyReader body) => body.Name switch
    {
        "notification" => Notification(body),
        "snapshot" => SnapshotXml.Read(body),
        "page" => Page(body),
        "body-reference" => new BodyReference(
            body.Conference("conference"), RequiredHref(body), body.Time("expires"), BodyBytes(body),
            body.Digest("sha256")),
        "page-request" => new PageRequest(body.Conference("conference"), Wanted(body)),
        "refusal" => new Refusal(
            body.Conference("conference"), body.IdOrEmpty("request"), body.Line("reason"),
            body.Text(body.Limits.TextCharactersMax)),
        "pointers" => new PointersMoved(body.Conference("conference"), Pointers(body)),
        "saved-file" => new SavedFile(
            body.Conference("conference"), body.Id("file"), body.Long("bytes", 0, long.MaxValue),
            body.Digest("sha256"), RequiredHref(body), body.Time("expires")),
        _ => null,
    };

    private static Notification Notification(BodyReader body)
    {
        var conference = body.Conference("conference");
        var from = body.Long("from", 1, long.MaxValue);
        var to = body.Long("to", 1, long.MaxValue);
        if (to < from) body.Bad("to", "must not be before from");
        var events = ImmutableArray.CreateBuilder<ConferenceEvent>();
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            if (body.Name == "event" && EventReader.Read(body) is { } one) events.Add(one);
        }

        return new Notification(conference, from, to, events.DrainToImmutable());
    }

    private static PageContent Page(BodyReader body)
    {
        var conference = body.Conference("conference");
        var page = body.Descriptor();
        var (part, parts) = body.Part();
        var href = body.Href("href");
        DateTimeOffset? expires = body.Has("expires") ? body.Time("expires") : null;
        var content = href is null ? body.Content(page.ContentBytes, isPooled: false) : default;
        if (href is null)
        {
            if (content.IsEmpty) body.Fail(ReadFaultReason.MissingContent, "The page has no content");
            if (parts == 1 && content.Length != page.ContentBytes) body.Fail(ReadFaultReason.SizeMismatch);
        }

        return new PageContent(conference, page, part, parts, content, href, expires);
    }

    private static ImmutableArray<PageRef> Wanted(BodyReader body)
    {
        var pages = ImmutableArray.CreateBuilder<PageRef>();
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            if (body.Name == "wanted") pages.Add(body.Page());
        }

        return pages.DrainToImmutable();
    }

    private static ImmutableArray<PointerPosition> Pointers(BodyReader body)
    {
        var pointers = ImmutableArray.CreateBuilder<PointerPosition>();
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            if (body.Name != "pointer") continue;
            pointers.Add(new PointerPosition(body.Participant("uri"), body.Page(), body.PointOrNull("point")));
        }

        return pointers.DrainToImmutable();
    }

    /// <summary>What may not come in a message may not come by reference either.</summary>
    private static long BodyBytes(BodyReader body)
    {
        var bytes = body.Long("bytes", 1, long.MaxValue);
        if (bytes > body.Limits.BodyBytesMax) body.Fail(ReadFaultReason.TooLarge);
        return bytes;
    }

    private static string RequiredHref(BodyReader body)
    {
        body.Required("href");
        return body.Href("href") ?? string.Empty;
    }
}
