using CsCheck;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Protocol.Tests;

/// <summary>Any value that the protocol can carry, for property tests.</summary>
internal static class Generated
{
    internal static readonly Gen<string> Id = Gen.Char["ABCabc019._-"].Array[1, 64].Select(chars => new string(chars));

    /// <summary>What people write, and what breaks careless writers.</summary>
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.Char[' ', '~'].Select(c => c.ToString()),
        Any(
            "<script>alert(1)</script>", "]]>", "&amp;", "&", "\"", "'",
            "会议", "Łódź", "😀", "👩‍👩‍👧", "\u0085", "\u2028",
            "<![CDATA[", "-->", "\u00A0", "\uFFFD", "עברית", "  "));

    internal static readonly Gen<string> Line = Piece.Where(piece => !piece.Any(char.IsControl)).Array[1, 8].Select(
        pieces => string.Concat(pieces));

    internal static readonly Gen<string> Text = Gen.OneOf(Piece, Any("\n", "\r\n", "\r", "\t")).Array[1, 20]
        .Select(pieces => string.Concat(pieces));

    internal static readonly Gen<string?> LineOrNull = Gen.OneOf(
        Line.Select(line => (string?)line), Gen.Const((string?)null));

    internal static readonly Gen<ParticipantUri> Participant = Gen.OneOf(
        Gen.Char['a', 'z'].Array[1, 12].Select(user => ParticipantUri.Parse($"sip:{new string(user)}&x=y@example.org")),
        Gen.Int[1, 999_999].Select(number => ParticipantUri.Parse($"tel:+1555{number}")));

    internal static readonly Gen<ConferenceUri> Conference =
        Gen.Int[1, 9999].Select(number => ConferenceUri.Parse($"sip:conf-{number}&a@conf.example.org"));

    internal static readonly Gen<Rights> Rights = Gen.Int[0, 31].Select(bits => (Rights)bits);
    internal static readonly Gen<Role> Role = Gen.Enum<Role>();
    internal static readonly Gen<string> Digest = Gen.Byte.Array[32].Select(Convert.ToHexStringLower);
    internal static readonly Gen<PageRef> Page = Gen.Select(
        Id, Gen.Int[1, 5000], (id, number) => new PageRef(id, number));
    internal static readonly Gen<PagePoint> Point = Gen.Select(
        Gen.Int[0, PagePoint.Max], Gen.Int[0, PagePoint.Max], (x, y) => new PagePoint(x, y));

    internal static readonly Gen<DateTimeOffset> Time = Gen.Long[0, 4_000_000_000_000].Select(
        DateTimeOffset.FromUnixTimeMilliseconds);

    internal static readonly Gen<string> PictureType = Any("image/png", "image/jpeg");

    internal static readonly Gen<Mark> Mark = Gen.Select(
        Id, Gen.Enum<MarkKind>(), Gen.UInt, Gen.Int[0, 10_000], Text).SelectMany(
        (id, kind, color, width, text) => Gen.Select(
            Point.Array[1, 20], Gen.Byte.Array[1, 3000], PictureType, (points, bytes, type) => new Mark
            {
                Id = id,
                Kind = kind,
                Points = kind is MarkKind.Freehand or MarkKind.Highlighter ? [.. points] : [points[0], points[^1]],
                Color = color % 3 == 0 ? 0x000000FF : color,
                Width = width % 3 == 0 ? 200 : width,
                Text = kind == MarkKind.Text ? text : null,
                Image = kind == MarkKind.Image ? new MarkImage(type, [.. bytes]) : null,
            }));

    internal static readonly Gen<PlacedMark> Placed = Gen.Select(
        Mark, Participant, Gen.Long[0, long.MaxValue], (mark, owner, order) => new PlacedMark(mark, owner, order));

    internal static readonly Gen<PageDescriptor> Descriptor = Gen.Select(
        Page, Gen.Int[1, 32_767], Gen.Int[1, 32_767], PictureType, Gen.Int[1, 16_777_216], Digest,
        (page, width, height, type, bytes, digest) => new PageDescriptor(page, width, height, type, bytes, digest));

    internal static readonly Gen<RosterEntry> Member = Gen.Select(
        Participant, LineOrNull, Role, Rights, Gen.Bool,
        (uri, name, role, rights, own) => new RosterEntry(uri, name, role, rights, own));

    private static readonly Gen<Invitee> Invitee = Gen.Select(
        Participant, Role, LineOrNull, (uri, role, name) => new Invitee(uri, role, name));

    private static readonly Gen<MarkOperation> Operation = Gen.OneOf<MarkOperation>(
        Mark.Select(mark => (MarkOperation)new AddMark(mark)),
        Mark.Select(mark => (MarkOperation)new ModifyMark(mark)),
        Gen.Select(Id.Array[1, 5], Gen.Int[-100_000, 100_000], Gen.Int[-100_000, 100_000],
            (ids, dx, dy) => (MarkOperation)new MoveMarks([.. ids], dx, dy)),
        Id.Array[1, 5].Select(ids => (MarkOperation)new DeleteMarks([.. ids])),
        Gen.Const((MarkOperation)new ClearPage()));

    internal static readonly Gen<RequestAction> Action = Gen.OneOf<RequestAction>(
        Gen.Select(LineOrNull, Invitee.Array[0, 5], Rights, Gen.Bool, (subject, members, rights, isOpen) =>
            (RequestAction)new CreateConference(subject, [.. members], rights, isOpen)),
        Gen.Select(LineOrNull, Gen.Bool, (name, own) => (RequestAction)new JoinConference(name, own)),
        Any<RequestAction>(
            new LeaveConference(), new EndConference(), new Undo(), new Redo(), new SaveConference()),
        Invitee.Array[1, 5].Select(members => (RequestAction)new InviteMembers([.. members])),
        Participant.Select(uri => (RequestAction)new RemoveMember(uri)),
        Gen.Select(Participant, Role, (uri, role) => (RequestAction)new SetRole(uri, role)),
        Gen.Select(Participant, Rights, Gen.Int[0, 3], (uri, rights, which) => which switch
        {
            0 => new SetDefaultRights(rights),
            1 => new RequestRights(rights),
            2 => new GrantRights(uri, rights),
            _ => (RequestAction)new RevokeRights(uri, rights),
        }),
        Gen.Select(Id, Line, Gen.Int[1, 5000], (id, name, count) => (RequestAction)new ShareDocument(id, name, count)),
        Gen.Select(Descriptor, Gen.Byte.Array[1, 5000], Gen.Int[1, 4], (page, bytes, parts) =>
            (RequestAction)new SharePage(
            page with { ContentBytes = parts == 1 ? bytes.Length : (bytes.Length * parts) + 1 }, parts, parts, bytes)),
        Gen.Select(Page, Line, (page, reason) => (RequestAction)new PageUnavailable(page, reason)),
        Id.Select(id => (RequestAction)new CloseDocument(id)),
        Gen.Select(Page, Operation.Array[1, 5], (page, list) => (RequestAction)new Operate(page, [.. list])),
        Gen.Select(Page, Point, Gen.Bool, (page, point, isThere) =>
            (RequestAction)new MovePointer(page, isThere ? point : null)),
        Page.Select(page => (RequestAction)new TurnPage(page)),
        Page.Select(page => (RequestAction)new FetchPage(page)),
        Gen.Long[0, long.MaxValue].Select(since => (RequestAction)new Resync(since)),
        Text.Select(text => (RequestAction)new Say(text)));

    internal static readonly Gen<ConferenceRequest> Request = Gen.Select(
        Id, Action, (id, action) => new ConferenceRequest(id, action));

    private static readonly Gen<MarkChange> Change = Gen.OneOf<MarkChange>(
        Placed.Select(placed => (MarkChange)new PutMark(placed)), Id.Select(id => (MarkChange)new DropMark(id)));

    internal static readonly Gen<EventBody> Body = Gen.OneOf<EventBody>(
        Gen.Select(LineOrNull, Rights, Gen.Bool, Member.Array[0, 5], (subject, rights, isOpen, members) =>
            (EventBody)new ConferenceCreated(subject, rights, isOpen, [.. members])),
        Member.Array[1, 5].Select(members => (EventBody)new MembersJoined([.. members])),
        Gen.Select(Participant, Gen.Enum<LeaveReason>(), (uri, reason) => (EventBody)new MemberLeft(uri, reason)),
        Gen.Select(Participant, Role, Rights, (uri, role, rights) => (EventBody)new RightsChanged(uri, role, rights)),
        Rights.Select(rights => (EventBody)new DefaultRightsChanged(rights)),
        Rights.Select(rights => (EventBody)new RightsRequested(rights)),
        Gen.Select(Id, Line, Gen.Int[1, 5000], (id, name, count) => (EventBody)new DocumentShared(id, name, count)),
        Id.Select(id => (EventBody)new DocumentClosed(id)),
        Descriptor.Select(page => (EventBody)new PageShared(page)),
        Gen.Select(Page, Gen.Enum<BoardChangeCause>(), Change.Array[0, 5], Digest, (page, cause, changes, digest) =>
            (EventBody)new BoardChanged(page, cause, [.. changes], digest)),
        Gen.Select(Page, Gen.Bool, (page, isAwaited) =>
            isAwaited ? new TurnAwaited(page) : (EventBody)new PageTurned(page)),
        Gen.Select(Page, Line, (page, reason) => (EventBody)new TurnRefused(page, reason)),
        Any<EventBody>(new SaveAwaited(), new ConferenceEnded()),
        Gen.Select(Id, Gen.Long[0, long.MaxValue], Digest, Page.Array[0, 4], (file, bytes, digest, missing) =>
            (EventBody)new ConferenceSaved(file, bytes, digest, [.. missing])),
        Line.Select(reason => (EventBody)new SaveFailed(reason)),
        Text.Select(text => (EventBody)new ChatSaid(text)));

    internal static readonly Gen<ConferenceEvent> Event = Gen.Select(
        Gen.Long[1, long.MaxValue], Participant, Gen.OneOf(Id, Gen.Const(string.Empty)), Time, Body,
        (revision, author, request, at, body) => new ConferenceEvent(revision, author, request, at, body));

    private static readonly Gen<DocumentState> Document = Gen.Select(
        Id, Line, Participant, Descriptor.Array[0, 12], (id, name, sharer, pages) => new DocumentState(
            id, name, 5000, sharer,
            [.. pages.Select((page, i) => page with { Page = new PageRef(id, i + 1) })]));

    private static readonly Gen<BoardState> BoardState = Gen.Select(
        Page, Placed.Array[0, 12], (page, marks) => new BoardState(page, BoardDigest.Of(marks).ToString(), [.. marks]));

    internal static readonly Gen<Snapshot> Snapshot = Gen.Select(
        Gen.Select(Conference, Gen.Long[0, long.MaxValue], LineOrNull, Rights, Gen.Bool),
        Gen.Select(
            Member.Array[0, 30],
            Gen.Select(Participant, Rights, (uri, rights) => new RaisedHand(uri, rights)).Array[0, 5]),
        Document.Array[0, 4], BoardState.Array[0, 4],
        Gen.OneOf(Page.Select(page => (PageRef?)page), Gen.Const((PageRef?)null)),
        (head, people, documents, boards, current) => new Snapshot(
            head.Item1, head.Item2, head.Item3, head.Item4, head.Item5, [.. people.Item1], [.. people.Item2],
            [.. documents.DistinctBy(document => document.DocumentId)], current,
            [.. boards.DistinctBy(board => board.Page)]));

    internal static readonly Gen<ServerMessage> Message = Gen.OneOf<ServerMessage>(
        Gen.Select(Conference, Gen.Long[1, 1_000_000], Gen.Long[0, 99], Event.Array[0, 5], (uri, from, count, events) =>
            (ServerMessage)new Notification(uri, from, from + count, [.. events])),
        Snapshot.Select(snapshot => (ServerMessage)snapshot),
        Gen.Select(Conference, Descriptor, Gen.Byte.Array[1, 5000], Gen.Int[1, 3], (uri, page, bytes, parts) =>
            (ServerMessage)new PageContent(
                uri, page with { ContentBytes = bytes.Length * parts }, 1, parts, bytes, null, null)),
        Gen.Select(Conference, Descriptor, Time, (uri, page, expires) => (ServerMessage)new PageContent(
            uri, page, 1, 1, default, "https://as.example.org/pages/1?token=a&b=c", expires)),
        Gen.Select(Conference, Time, Gen.Int[1, 1_048_576], Digest, (uri, expires, bytes, digest) =>
            (ServerMessage)new BodyReference(
                uri, "https://as.example.org/bodies/1?token=a&b=c", expires, bytes, digest)),
        Gen.Select(Conference, Page.Array[1, 5], (uri, pages) => (ServerMessage)new PageRequest(uri, [.. pages])),
        Gen.Select(Conference, Gen.OneOf(Id, Gen.Const(string.Empty)), Line, Text, (uri, id, reason, text) =>
            (ServerMessage)new Refusal(uri, id, reason, text)),
        Gen.Select(Conference, Gen.Select(Participant, Page, Point, Gen.Bool, (uri, page, point, isThere) =>
            new PointerPosition(uri, page, isThere ? point : null)).Array[1, 5], (uri, pointers) =>
            (ServerMessage)new PointersMoved(uri, [.. pointers])),
        Gen.Select(Conference, Id, Gen.Long[0, long.MaxValue], Digest, Time, (uri, file, bytes, digest, expires) =>
            (ServerMessage)new SavedFile(uri, file, bytes, digest, "https://as.example.org/files/f?token=t", expires)));

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
