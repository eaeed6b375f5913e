using Conference.Protocol.Requests;

namespace Conference.Protocol.Xml;

/// <summary>Reads what participants send.</summary>
/// <remarks>
/// The root is <c>request</c> with an <c>id</c> and exactly one child of our namespace, the action. docs/protocol.md
/// has an example of each; the names are in <see cref="RequestWriter.NameOf"/>. Checked here: form, ranges and limits,
/// which need no conference to be known. Whether page, mark or member exist and points lie on the page is checked by
/// the conference, which has other reasons for it.
/// </remarks>
public static class RequestReader
{
    /// <summary>Reads a request whose page content, if any, is an array of its own.</summary>
    /// <param name="body">Nothing of it is kept.</param>
    /// <param name="limits">See there.</param>
    /// <param name="request">Null with a fault.</param>
    /// <param name="fault">Null without one.</param>
    public static ReadOutcome TryRead(
        ReadOnlyMemory<byte> body, ProtocolLimits limits, out ConferenceRequest? request, out ReadFault? fault) =>
        BodyReading.Run(
            body, limits, MediaTypes.Namespace, static reader => Read(reader, isPooled: false),
            out request, out _, out fault);

    /// <summary>Reads a request whose page content, if any, is a pooled buffer: for the server's front door. A page of
    /// 200 KB costs no garbage on the large-object heap.</summary>
    /// <param name="body">Nothing of it is kept.</param>
    /// <param name="limits">See there.</param>
    /// <param name="request">Null with a fault. Disposed by the caller, see <see cref="OwnedRequest"/>.</param>
    /// <param name="fault">Null without one.</param>
    public static ReadOutcome TryReadOwned(
        ReadOnlyMemory<byte> body, ProtocolLimits limits, out OwnedRequest? request, out ReadFault? fault)
    {
        var outcome = BodyReading.Run(
            body, limits, MediaTypes.Namespace, static reader => Read(reader, isPooled: true),
            out var read, out var pooled, out fault);
        request = read is null ? null : new OwnedRequest(read, pooled);
        return outcome;
    }

    private static ConferenceRequest? Read(BodyReader body, bool isPooled)
    {
        if (body.Name != "request")
        {
            body.Fail(ReadFaultReason.UnknownRoot, "The root element must be request");
            return null;
        }

        var id = body.Id("id");
        RequestAction? action = null;
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            if (action is null) action = Action(body, isPooled);
            else body.Fail(ReadFaultReason.SeveralActions);
        }

        if (action is null) body.Fail(ReadFaultReason.MissingAction);
        return action is null ? null : new ConferenceRequest(id, action);
    }

    private static RequestAction? Action(BodyReader body, bool isPooled) => body.Name switch
    {
        "create" => new CreateConference(
            body.LineOrNull("subject"), DefaultRights: body.Rights("default-rights", Rights.Draw),
            IsOpen: body.Flag("open"), Members: body.Invitees()),
        "join" => new JoinConference(body.LineOrNull("name"), body.Flag("own-events")),
        "leave" => new LeaveConference(),
        "invite" => Invite(body),
        "remove" => new RemoveMember(body.Participant("uri")),
        "end" => new EndConference(),
        "set-role" => new SetRole(body.Participant("uri"), body.Role("role")),
        "set-default-rights" => new SetDefaultRights(body.Rights("rights")),
        "request-rights" => new RequestRights(body.Rights("rights")),
        "grant-rights" => new GrantRights(body.Participant("uri"), body.Rights("rights")),
        "revoke-rights" => new RevokeRights(body.Participant("uri"), body.Rights("rights")),
        "share-document" => new ShareDocument(
            body.Id("document"), body.Line("name"), body.Int("pages", 1, body.Limits.PagesPerDocumentMax)),
        "share-page" => SharePage(body, isPooled),
        "page-unavailable" => new PageUnavailable(body.Page(), body.Line("reason")),
        "close-document" => new CloseDocument(body.Id("document")),
        "operate" => new Operate(body.Page(), OperationXml.Read(body)),
        "undo" => new Undo(),
        "redo" => new Redo(),
        "move-pointer" => new MovePointer(body.Page(), body.PointOrNull("point")),
        "turn" => new TurnPage(body.Page()),
        "resync" => new Resync(body.Long("since", 0, long.MaxValue)),
        "fetch-page" => new FetchPage(body.Page()),
        "save" => new SaveConference(),
        "say" => Say(body),
        _ => Unknown(body),
    };

    private static InviteMembers Invite(BodyReader body)
    {
        var members = body.Invitees();
        if (members.IsEmpty) body.Fail(ReadFaultReason.MissingContent, "There is no member to invite");
        return new InviteMembers(members);
    }

    private static SharePage SharePage(BodyReader body, bool isPooled)
    {
        var page = body.Descriptor();
        var (part, parts) = body.Part();
        var content = body.Content(page.ContentBytes, isPooled);
        if (content.IsEmpty)
        {
            body.Fail(ReadFaultReason.MissingContent, "The page has no content");
        }
        else if (parts == 1 ? content.Length != page.ContentBytes : content.Length == page.ContentBytes)
        {
            body.Fail(ReadFaultReason.SizeMismatch);
        }

        return new SharePage(page, part, parts, content);
    }

    private static Say Say(BodyReader body)
    {
        var text = body.Text(body.Limits.TextCharactersMax);
        if (text.Length == 0) body.Fail(ReadFaultReason.MissingContent, "There is no text");
        return new Say(text);
    }

    private static RequestAction? Unknown(BodyReader body)
    {
        body.Fail(ReadFaultReason.UnknownAction);
        return null;
    }
}
