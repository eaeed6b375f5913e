using System.Globalization;
using Sip.Stack.Registration;

namespace AppServer.FrontDoor;

/// <summary><c>Standalone</c> mode: a registrar (RFC 3261 10.3) for the users of the user file.</summary>
public sealed class RegistrarDesk : IRegisterDesk
{
    private readonly ISenderCheck _senders;
    private readonly Registrar _registrar;
    private readonly DomainNames _domains;
    private readonly RefusalWriter _refusals;
    private readonly TimeProvider _time;

    /// <summary>Puts it together.</summary>
    public RegistrarDesk(
        ISenderCheck senders, Registrar registrar, DomainNames domains, RefusalWriter refusals, TimeProvider time)
    {
        _senders = senders;
        _registrar = registrar;
        _domains = domains;
        _refusals = refusals;
        _time = time;
    }

    /// <inheritdoc/>
    public async ValueTask HandleAsync(IFrontDoorExchange exchange)
    {
        // Steps of RFC 3261 10.3: 3 authenticate, 4 authorise, 5 address-of-record, 6 to 8 the registrar.
        var verdict = _senders.Check(exchange);
        if (verdict.Refusal is { } refusal)
        {
            _refusals.Respond(exchange, refusal);
            return;
        }

        var request = exchange.Request;
        if (!AddressOfRecord.TryGet(request.To?.Uri, out var named))
        {
            _refusals.Respond(exchange, Refusal.Of(RegisterOutcome.NotAnAddressOfRecord));
            return;
        }

        var addressOfRecord = _domains.Normalise(named);
        if (!addressOfRecord.EndsWith("@" + _domains.Domain, StringComparison.Ordinal))
        {
            _refusals.Respond(exchange, Refusal.Of(RegisterOutcome.UnknownDomain));
            return;
        }

        if (addressOfRecord != verdict.Sender.Value)
        {
            _refusals.Respond(exchange, Refusal.Of(RegisterOutcome.NotAuthorized));
            return;
        }

        if (!RegisterRequests.TryRead(request, exchange.Peer, out var command))
        {
            _refusals.Respond(exchange, Refusal.Of(RegisterOutcome.Malformed));
            return;
        }

        Answer(exchange, command, await _registrar.RegisterAsync(addressOfRecord, command, exchange.Cancelled));
    }

    private void Answer(IFrontDoorExchange exchange, RegisterCommand command, RegistrarStep step)
    {
        if (step.Outcome == RegisterOutcome.IntervalTooBrief)
        {
            var least = Seconds(_registrar.Options.ExpiresMin);
            _refusals.Respond(exchange, Refusal.Of(step.Outcome) with
            {
                Headers = [new KeyValuePair<string, string>("Min-Expires", least)], // RFC 3261 21.4.17
            });
            return;
        }

        if (!step.Outcome.IsSuccess())
        {
            _refusals.Respond(exchange, Refusal.Of(step.Outcome));
            return;
        }

        FrontDoorMetrics.Accepted.WithLabels("register").Inc();
        exchange.Respond(RegisterResponses.Build(
            exchange.Request, command, step, _registrar.Options, _time.GetUtcNow()));
    }

    private static string Seconds(TimeSpan span) =>
        Math.Max(0, (long)Math.Ceiling(span.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
