using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Writes events as the store keeps them and notifications carry them. The format is described above
/// <see cref="EventReader"/>.</summary>
public static class EventWriter
{
    private const int BytesExpected = 1_024;

    /// <summary>One <c>event</c> element without a namespace of its own: encoded once, stored, and sent to everybody.
    /// </summary>
    public static byte[] WriteFragment(ConferenceEvent conferenceEvent)
    {
        using var buffer = new PooledBuffer(BytesExpected);
        Write(new Utf8XmlWriter(buffer), conferenceEvent);
        return buffer.WrittenSpan.ToArray();
    }

    internal static void Write(Utf8XmlWriter xml, ConferenceEvent one)
    {
        xml.Start("event").Attribute("revision", one.Revision).Attribute("author", one.Author.Value);
        if (one.RequestId.Length > 0) xml.Attribute("request", one.RequestId);
        xml.Attribute("at", one.At);
        var name = NameOf(one.Body);
        WriteBody(xml.Start(name), one.Body, one.Author);
        xml.End(name).End("event");
    }

    /// <summary>The element that stands for what happened.</summary>
    internal static string NameOf(EventBody body) => body switch
    {
        ConferenceCreated => "created",
        MembersJoined => "joined",
        MemberLeft => "left",
        RightsChanged => "rights-changed",
        DefaultRightsChanged => "default-rights-changed",
        RightsRequested => "rights-requested",
        DocumentShared => "document-shared",
        DocumentClosed => "document-closed",
        PageShared => "page-shared",
        BoardChanged => "board-changed",
        TurnAwaited => "turn-awaited",
        PageTurned => "page-turned",
        TurnRefused => "turn-refused",
        SaveAwaited => "save-awaited",
        ConferenceSaved => "saved",
        SaveFailed => "save-failed",
        ChatSaid => "said",
        ConferenceEnded => "ended",
        _ => throw new UnreachableException($"No element for {body.GetType().Name}"),
    };

    private static Utf8XmlWriter WriteBody(Utf8XmlWriter xml, EventBody body, ParticipantUri author) => body switch
    {
        ConferenceCreated created => xml.Attribute("subject", created.Subject)
            .Attribute("default-rights", Words.Of(created.DefaultRights)).Flag("open", created.IsOpen)
            .Roster(created.Members),
        MembersJoined joined => xml.Roster(joined.Members),
        MemberLeft left => xml.Attribute("uri", left.Participant.Value).Attribute("reason", Words.Of(left.Reason)),
        RightsChanged changed => xml.Attribute("uri", changed.Participant.Value)
            .Attribute("role", Words.Of(changed.Role)).Attribute("rights", Words.Of(changed.Rights)),
        DefaultRightsChanged changed => xml.Attribute("rights", Words.Of(changed.Rights)),
        RightsRequested requested => xml.Attribute("rights", Words.Of(requested.Rights)),
        DocumentShared shared => xml.Attribute("document", shared.DocumentId).Attribute("name", shared.Name)
            .Attribute("pages", shared.PageCount),
        DocumentClosed closed => xml.Attribute("document", closed.DocumentId),
        PageShared shared => xml.Descriptor(shared.Page),
        BoardChanged changed => WriteChanges(
            xml.Page(changed.Page).Attribute("cause", Words.Of(changed.Cause)).Attribute("digest", changed.BoardDigest),
            changed.Changes, author),
        TurnAwaited awaited => xml.Page(awaited.Page),
        PageTurned turned => xml.Page(turned.Page),
        TurnRefused refused => xml.Page(refused.Page).Attribute("reason", refused.Reason),
        ConferenceSaved saved => WriteMissing(
            xml.Attribute("file", saved.FileId).Attribute("bytes", saved.FileBytes).Attribute("sha256", saved.Digest),
            saved.MissingPages),
        SaveFailed failed => xml.Attribute("reason", failed.Reason),
        ChatSaid said => xml.Text(said.Text),
        SaveAwaited or ConferenceEnded => xml,
        _ => throw new UnreachableException($"No form for {body.GetType().Name}"),
    };

    private static Utf8XmlWriter WriteChanges(
        Utf8XmlWriter xml, ImmutableArray<MarkChange> changes, ParticipantUri author)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case PutMark put:
                    xml.Placed("put", put.Placed, author);
                    break;
                case DropMark drop:
                    xml.Start("drop").Attribute("id", drop.MarkId).End("drop");
                    break;
                default:
                    throw new UnreachableException($"No element for {change.GetType().Name}");
            }
        }

        return xml;
    }

    private static Utf8XmlWriter WriteMissing(Utf8XmlWriter xml, ImmutableArray<PageRef> pages)
    {
        foreach (var page in pages) xml.Start("missing").Page(page).End("missing");
        return xml;
    }
}
