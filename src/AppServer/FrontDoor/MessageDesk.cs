using System.Globalization;
using AppServer.Configuration;
using AppServer.FrontDoor.Admission;
using AppServer.Provisioning;
using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Sip.Stack.Messages;

namespace AppServer.FrontDoor;

/// <summary>Takes a MESSAGE from the trust boundary to the conference and its outcome back to the sender.</summary>
public sealed class MessageDesk
{
    /// <summary>Header of a 202: the revision of the event, 0 for none. A 2xx to MESSAGE has no body (RFC 3428 7).
    /// </summary>
    public const string RevisionHeader = "Conference-Revision";

    /// <summary>Header of the 202 to a create request: the URI of the conference.</summary>
    public const string UriHeader = "Conference-Uri";

    // Reading a body this large on the receive thread would hold up the answers that wait behind it.
    private const int InlineBodyBytesMax = 16 * 1024;

    private readonly FrontDoorOptions _options;
    private readonly ISenderCheck _senders;
    private readonly FocusRouter _router;
    private readonly MessageBodyReader _bodies;
    private readonly ConferenceUris _uris;
    private readonly IConferenceGateway _gateway;
    private readonly RequestAdmission _admission;
    private readonly RefusalWriter _refusals;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Puts it together.</summary>
    public MessageDesk(
        FrontDoorOptions options, ISenderCheck senders, FocusRouter router, MessageBodyReader bodies,
        ConferenceUris uris, IConferenceGateway gateway, RequestAdmission admission, RefusalWriter refusals,
        TimeProvider time,
        ILogger<MessageDesk> logger)
    {
        _options = options;
        _senders = senders;
        _router = router;
        _bodies = bodies;
        _uris = uris;
        _gateway = gateway;
        _admission = admission;
        _refusals = refusals;
        _time = time;
        _logger = logger;
    }

    /// <summary>Answers the exchange.</summary>
    public async ValueTask HandleAsync(IFrontDoorExchange exchange)
    {
        var started = _time.GetTimestamp();
        if (exchange.Request.Body.Length > InlineBodyBytesMax) await Task.Yield();
        if (TimeLeft(exchange) <= TimeSpan.Zero)
        {
            _refusals.Respond(exchange, Refusal.Of(FrontDoorReason.WaitedTooLong));
            return;
        }

        // 1. Who: the trust boundary.
        var verdict = _senders.Check(exchange);
        if (verdict.Refusal is { } notKnown)
        {
            _refusals.Respond(exchange, notKnown);
            return;
        }

        if (_router.IsFocus(verdict.Sender))
        {
            _refusals.Respond(exchange, Refusal.Of(FrontDoorReason.SenderIsConference));
            return;
        }

        // A sender can be sent to again, whatever becomes of its request.
        _gateway.ParticipantReachable(verdict.Sender);

        // 2. Where, 3. what.
        if (Place(exchange.Request, out var target) is { } misplaced)
        {
            _refusals.Respond(exchange, misplaced);
            return;
        }

        switch (_bodies.Read(exchange.Request))
        {
            case MessageBody.Report report:
                FrontDoorMetrics.Dropped.WithLabels(report.MediaType).Inc();
                exchange.Respond(new SipResponseBuilder(exchange.Request, 202, "Accepted"));
                return;
            case MessageBody.Refused { Refusal: var unreadable }:
                _refusals.Respond(exchange, unreadable);
                return;
            case MessageBody.Request request:
                await SubmitAsync(exchange, verdict.Sender, target, request);
                break;
        }

        FrontDoorMetrics.AnswerSeconds.Observe(_time.GetElapsedTime(started).TotalSeconds);
    }

    private Refusal? Place(SipRequest request, out FocusTarget target)
    {
        target = default;
        if (_router.Route(request) is not { } found) return Refusal.Of(FrontDoorReason.NotAConference);
        target = found;
        return null;
    }

    private async ValueTask SubmitAsync(
        IFrontDoorExchange exchange, ParticipantUri sender, FocusTarget target, MessageBody.Request request)
    {
        var isCreate = request.Value.Action is CreateConference;
        if (isCreate != target.IsFactory)
        {
            request.Owner?.Dispose();
            var reason = isCreate ? FrontDoorReason.CreateNeedsFactory : FrontDoorReason.FactoryOnlyCreates;
            _refusals.Respond(exchange, Refusal.Of(reason));
            return;
        }

        var conference = isCreate ? _uris.For(sender, request.Value.Id) : target.Uri;
        var left = TimeLeft(exchange);
        var command = new ConferenceCommand(conference, sender, request.Value, request.ContentHash)
        {
            Until = _time.GetUtcNow() + left,
        };
        var outcome = await AskAsync(command, left, request.Owner, exchange.Cancelled);
        var running = isCreate ? conference.Value : exchange.Request.RequestUriText;
        // Who waited in vain, or was sent away, does not know for what: that says nothing about queueing.
        if (IsKnown(outcome) || outcome.StoreTime > TimeSpan.Zero)
        {
            _admission.NoteDecided(
                exchange.Peer, outcome.StoreTime, outcome is CommandOutcome.Accepted ? running : null);
        }

        switch (outcome)
        {
            case CommandOutcome.Accepted accepted:
                Accept(exchange, accepted, isCreate ? conference : null);
                return;
            case CommandOutcome.Refused refused:
                _refusals.Respond(exchange, Refusal.Of(refused));
                return;
            default:
                throw new System.Diagnostics.UnreachableException("CommandOutcome is closed.");
        }
    }

    // The 2 s of R9 begin when the request comes to this machine.
    private TimeSpan TimeLeft(IFrontDoorExchange exchange) =>
        _options.AnswerTimeout - _admission.WaitOf(exchange.Peer);

    // Room 6 begins behind SubmitAsync. The page content may be read there until the outcome is known, so a buffer
    // whose outcome never came is left to the collector.
    private async ValueTask<CommandOutcome> AskAsync(
        ConferenceCommand command, TimeSpan left, OwnedRequest? owner, CancellationToken cancel)
    {
        try
        {
            var asked = _gateway.SubmitAsync(command, cancel);
            var outcome = asked.IsCompletedSuccessfully
                ? asked.Result
                : await asked.AsTask().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, cancel);
            if (IsKnown(outcome)) owner?.Dispose();
            return outcome;
        }
        catch (TimeoutException)
        {
            FrontDoorLog.TooSlow(_logger, _options.AnswerTimeout.TotalMilliseconds);
            return new CommandOutcome.Refused(RefuseReason.StoreUnavailable);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new CommandOutcome.Refused(RefuseReason.Draining);
        }
    }

    /// <summary>Whether the conference is done with the request. These two may also be said for it by somebody who
    /// waited in vain, while the conference, or a store whose wait was ended, still reads the page content.</summary>
    internal static bool IsKnown(CommandOutcome outcome) =>
        outcome is not CommandOutcome.Refused { Reason: RefuseReason.StoreUnavailable or RefuseReason.Draining };

    private static void Accept(IFrontDoorExchange exchange, CommandOutcome.Accepted accepted, ConferenceUri? created)
    {
        FrontDoorMetrics.Accepted.WithLabels(created is null ? "request" : "create").Inc();
        var response = new SipResponseBuilder(exchange.Request, 202, "Accepted")
            .With(RevisionHeader, accepted.Revision.ToString(CultureInfo.InvariantCulture));
        if (created is { } uri) response = response.With(UriHeader, $"<{uri.Value}>");
        exchange.Respond(response);
    }
}
