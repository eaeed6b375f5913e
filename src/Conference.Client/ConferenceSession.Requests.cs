using System.Collections.Immutable;
using Conference.Client.Requests;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;

namespace Conference.Client;

public sealed partial class ConferenceSession
{
    /// <summary>Becomes a member, or says that one is back, and waits for the snapshot that follows.</summary>
    /// <remarks>The snapshot may be older than the conference: the events after it follow at once, and the model is at
    /// least at the revision of the own joining when this returns.
    /// Asks for one's own events: the server computes what an undo changes, so a model that sees every event
    /// of everybody in one order needs no rules of its own.</remarks>
    /// <exception cref="TimeoutException">The snapshot did not come in time.</exception>
    public async Task<RequestResult> JoinAsync(CancellationToken cancel = default)
    {
        var before = Interlocked.Read(ref _snapshotsTaken);
        // A snapshot follows anyway: what comes before it is no reason to ask for another one.
        lock (_gate) _resyncAskedAt = _time.GetTimestamp();
        var result = await RequestAsync(
            new JoinConference(_options.DisplayName, WantsOwnEvents: true), cancel).ConfigureAwait(false);
        if (!result.IsAccepted) return result;
        await WaitUntilAsync(
            () => _model.Revision >= result.Revision && _snapshotsTaken > before, null, cancel).ConfigureAwait(false);
        return result;
    }

    /// <summary>Stops being a member.</summary>
    public Task<RequestResult> LeaveAsync(CancellationToken cancel = default) =>
        RequestAsync(new LeaveConference(), cancel);

    /// <summary>Adds members.</summary>
    public Task<RequestResult> InviteAsync(IEnumerable<Invitee> members, CancellationToken cancel = default) =>
        RequestAsync(new InviteMembers([.. members]), cancel);

    /// <summary>Removes a member.</summary>
    public Task<RequestResult> RemoveAsync(ParticipantUri participant, CancellationToken cancel = default) =>
        RequestAsync(new RemoveMember(participant), cancel);

    /// <summary>Ends the conference for all.</summary>
    public Task<RequestResult> EndAsync(CancellationToken cancel = default) =>
        RequestAsync(new EndConference(), cancel);

    /// <summary>Changes the marks of one page. All operations together are one event.</summary>
    public Task<RequestResult> DrawAsync(
        PageRef page, IEnumerable<MarkOperation> operations, CancellationToken cancel = default) =>
        RequestAsync(new Operate(page, [.. operations]), cancel);

    /// <summary>Puts new marks on a page.</summary>
    public Task<RequestResult> DrawAsync(PageRef page, params ReadOnlySpan<Mark> marks)
    {
        var operations = ImmutableArray.CreateBuilder<MarkOperation>(marks.Length);
        foreach (var mark in marks) operations.Add(new AddMark(mark));
        return RequestAsync(new Operate(page, operations.ToImmutable()), CancellationToken.None);
    }

    /// <summary>Takes back one's latest operation.</summary>
    public Task<RequestResult> UndoAsync(CancellationToken cancel = default) => RequestAsync(new Undo(), cancel);

    /// <summary>Does again what the latest undo took back.</summary>
    public Task<RequestResult> RedoAsync(CancellationToken cancel = default) => RequestAsync(new Redo(), cancel);

    /// <summary>Shows a page to everybody. Accepted also while the server still asks the sharer for it: then
    /// PageTurned or TurnRefused follows.</summary>
    public Task<RequestResult> TurnAsync(PageRef page, CancellationToken cancel = default) =>
        RequestAsync(new TurnPage(page), cancel);

    /// <summary>Shows where one points; null takes the pointer away. Volatile.</summary>
    public Task<RequestResult> PointAsync(PageRef page, PagePoint? point, CancellationToken cancel = default) =>
        RequestAsync(new MovePointer(page, point), cancel);

    /// <summary>Says a line of chat.</summary>
    public Task<RequestResult> SayAsync(string text, CancellationToken cancel = default) =>
        RequestAsync(new Say(text), cancel);

    /// <summary>Asks the chair for rights; <see cref="Rights.None"/> withdraws the request.</summary>
    public Task<RequestResult> AskForRightsAsync(Rights rights, CancellationToken cancel = default) =>
        RequestAsync(new RequestRights(rights), cancel);

    /// <summary>Adds rights to a member.</summary>
    public Task<RequestResult> GrantAsync(
        ParticipantUri participant, Rights rights, CancellationToken cancel = default) =>
        RequestAsync(new GrantRights(participant, rights), cancel);

    /// <summary>Takes rights from a member, or denies its request.</summary>
    public Task<RequestResult> RevokeAsync(
        ParticipantUri participant, Rights rights, CancellationToken cancel = default) =>
        RequestAsync(new RevokeRights(participant, rights), cancel);

    /// <summary>Gives a member a role.</summary>
    public Task<RequestResult> SetRoleAsync(
        ParticipantUri participant, Role role, CancellationToken cancel = default) =>
        RequestAsync(new SetRole(participant, role), cancel);

    /// <summary>Asks for everything after the model's revision. The client does so by itself when it sees a gap.
    /// </summary>
    public Task<RequestResult> ResyncAsync(CancellationToken cancel = default) =>
        RequestAsync(new Resync(_model.Revision), cancel);

    /// <summary>Sends any request, with an id of its own, in the order of the calls.</summary>
    public Task<RequestResult> RequestAsync(RequestAction action, CancellationToken cancel = default)
    {
        var id = Guid.NewGuid().ToString("N");
        return _queue.SendAsync(id, RequestWriter.Write(new ConferenceRequest(id, action)), cancel);
    }
}
