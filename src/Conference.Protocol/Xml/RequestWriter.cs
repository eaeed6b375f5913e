using System.Diagnostics;
using Conference.Protocol.Requests;

namespace Conference.Protocol.Xml;

/// <summary>Writes what participants send. The format is described in docs/protocol.md and above
/// <see cref="RequestReader"/>.</summary>
public static class RequestWriter
{
    private const int BytesExpected = 1_024;

    /// <summary>One request as a whole body. Values are written as they are: the server says what is wrong with them.
    /// </summary>
    public static byte[] Write(ConferenceRequest request)
    {
        var contentBytes = request.Action is SharePage page ? page.Content.Length : 0;
        using var buffer = new PooledBuffer(BytesExpected + (contentBytes / 2 * 3));
        var xml = new Utf8XmlWriter(buffer).StartRoot("request").Attribute("id", request.Id);
        var name = NameOf(request.Action);
        WriteAction(xml.Start(name), request.Action);
        xml.End(name).End("request");
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The element that stands for an action.</summary>
    internal static string NameOf(RequestAction action) => action switch
    {
        CreateConference => "create",
        JoinConference => "join",
        LeaveConference => "leave",
        InviteMembers => "invite",
        RemoveMember => "remove",
        EndConference => "end",
        SetRole => "set-role",
        SetDefaultRights => "set-default-rights",
        RequestRights => "request-rights",
        GrantRights => "grant-rights",
        RevokeRights => "revoke-rights",
        ShareDocument => "share-document",
        SharePage => "share-page",
        PageUnavailable => "page-unavailable",
        CloseDocument => "close-document",
        Operate => "operate",
        Undo => "undo",
        Redo => "redo",
        MovePointer => "move-pointer",
        TurnPage => "turn",
        Resync => "resync",
        FetchPage => "fetch-page",
        SaveConference => "save",
        Say => "say",
        _ => throw new UnreachableException($"No element for {action.GetType().Name}"),
    };

    private static Utf8XmlWriter WriteAction(Utf8XmlWriter xml, RequestAction action) => action switch
    {
        CreateConference create => xml.Attribute("subject", create.Subject)
            .Attribute("default-rights", Words.Of(create.DefaultRights)).Flag("open", create.IsOpen)
            .Invitees(create.Members),
        JoinConference join => xml.Attribute("name", join.DisplayName).Flag("own-events", join.WantsOwnEvents),
        InviteMembers invite => xml.Invitees(invite.Members),
        RemoveMember remove => xml.Attribute("uri", remove.Participant.Value),
        SetRole set => xml.Attribute("uri", set.Participant.Value).Attribute("role", Words.Of(set.Role)),
        SetDefaultRights set => xml.Attribute("rights", Words.Of(set.Rights)),
        RequestRights ask => xml.Attribute("rights", Words.Of(ask.Rights)),
        GrantRights grant =>
            xml.Attribute("uri", grant.Participant.Value).Attribute("rights", Words.Of(grant.Rights)),
        RevokeRights revoke =>
            xml.Attribute("uri", revoke.Participant.Value).Attribute("rights", Words.Of(revoke.Rights)),
        ShareDocument share => xml.Attribute("document", share.DocumentId).Attribute("name", share.Name)
            .Attribute("pages", share.PageCount),
        SharePage share => xml.Descriptor(share.Page).Part(share.Part, share.Parts).Base64Text(share.Content.Span),
        PageUnavailable page => xml.Page(page.Page).Attribute("reason", page.Reason),
        CloseDocument close => xml.Attribute("document", close.DocumentId),
        Operate operate => OperationXml.Write(xml.Page(operate.Page), operate.Operations),
        MovePointer { Point: { } point } move => xml.Page(move.Page).Points("point", [point]),
        MovePointer move => xml.Page(move.Page),
        TurnPage turn => xml.Page(turn.Page),
        Resync resync => xml.Attribute("since", resync.SinceRevision),
        FetchPage fetch => xml.Page(fetch.Page),
        Say say => xml.Text(say.Text),
        LeaveConference or EndConference or Undo or Redo or SaveConference => xml,
        _ => throw new UnreachableException($"No form for {action.GetType().Name}"),
    };
}
