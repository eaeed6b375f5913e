using System.Buffers;
using System.Diagnostics;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Writes what the server sends. docs/protocol.md has an example of each.</summary>
public static class ServerMessageWriter
{
    private const int BytesExpected = 1_024;

    /// <summary>One message as a whole body.</summary>
    public static byte[] Write(ServerMessage message)
    {
        var contentBytes = message is PageContent page ? page.Content.Length : 0;
        using var buffer = new PooledBuffer(BytesExpected + (contentBytes / 2 * 3));
        Write(buffer, message);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>As the other one, into a buffer of the caller. Page content is encoded straight into it.</summary>
    public static void Write(IBufferWriter<byte> output, ServerMessage message)
    {
        var xml = new Utf8XmlWriter(output);
        _ = message switch
        {
            Notification notification => WriteNotification(xml, notification),
            Snapshot snapshot => SnapshotXml.Write(xml, snapshot),
            PageContent page => Root(xml, "page", page).Descriptor(page.Page).Part(page.Part, page.Parts)
                .Attribute("href", page.Href).Expires(page.Expires).Base64Text(page.Content.Span).End("page"),
            BodyReference body => Root(xml, "body-reference", body).Attribute("href", body.Href)
                .Attribute("expires", body.Expires).Attribute("bytes", body.BodyBytes)
                .Attribute("sha256", body.Digest).End("body-reference"),
            PageRequest request => WriteRequest(xml, request),
            Refusal refusal => Root(xml, "refusal", refusal)
                .Attribute("request", refusal.RequestId.Length > 0 ? refusal.RequestId : null)
                .Attribute("reason", refusal.Reason).Text(refusal.Text).End("refusal"),
            PointersMoved moved => WritePointers(xml, moved),
            SavedFile file => Root(xml, "saved-file", file).Attribute("file", file.FileId)
                .Attribute("bytes", file.FileBytes).Attribute("sha256", file.Digest).Attribute("href", file.Href)
                .Attribute("expires", file.Expires).End("saved-file"),
            _ => throw new UnreachableException($"No element for {message.GetType().Name}"),
        };
    }

    private static Utf8XmlWriter Root(Utf8XmlWriter xml, string name, ServerMessage message) =>
        xml.StartRoot(name).Attribute("conference", message.Conference.Value);

    private static Utf8XmlWriter Expires(this Utf8XmlWriter xml, DateTimeOffset? expires) =>
        expires is { } time ? xml.Attribute("expires", time) : xml;

    private static Utf8XmlWriter WriteNotification(Utf8XmlWriter xml, Notification notification)
    {
        Root(xml, "notification", notification)
            .Attribute("from", notification.FromRevision).Attribute("to", notification.ToRevision);
        foreach (var one in notification.Events) EventWriter.Write(xml, one);
        return xml.End("notification");
    }

    private static Utf8XmlWriter WriteRequest(Utf8XmlWriter xml, PageRequest request)
    {
        Root(xml, "page-request", request);
        foreach (var page in request.Pages) xml.Start("wanted").Page(page).End("wanted");
        return xml.End("page-request");
    }

    private static Utf8XmlWriter WritePointers(Utf8XmlWriter xml, PointersMoved moved)
    {
        Root(xml, "pointers", moved);
        foreach (var pointer in moved.Pointers)
        {
            xml.Start("pointer").Attribute("uri", pointer.Participant.Value).Page(pointer.Page);
            if (pointer.Point is { } point) xml.Points("point", [point]);
            xml.End("pointer");
        }

        return xml.End("pointers");
    }
}
