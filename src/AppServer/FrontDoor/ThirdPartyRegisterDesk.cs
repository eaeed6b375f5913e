using Sip.Stack.Registration;

namespace AppServer.FrontDoor;

/// <summary><c>Ims</c> mode: takes the S-CSCF's reports about its users (TS 24.229 5.4.1.7, 5.7.1.1).</summary>
/// <remarks>Only trusted peers come this far. The body may hold the user's own REGISTER with its credentials: it is
/// neither read nor logged.</remarks>
public sealed class ThirdPartyRegisterDesk : IRegisterDesk
{
    private readonly ThirdPartyRegistrations _registrations;
    private readonly RefusalWriter _refusals;

    /// <summary>Puts it together.</summary>
    public ThirdPartyRegisterDesk(ThirdPartyRegistrations registrations, RefusalWriter refusals)
    {
        _registrations = registrations;
        _refusals = refusals;
    }

    /// <inheritdoc/>
    public ValueTask HandleAsync(IFrontDoorExchange exchange)
    {
        var outcome = RegisterRequests.TryReadReport(exchange.Request, out var report)
            ? _registrations.Report(report)
            : ThirdPartyOutcome.Malformed;
        if (ThirdPartyOutcomes.Describe(outcome).Status != 200)
        {
            _refusals.Respond(exchange, Refusal.Of(outcome));
            return ValueTask.CompletedTask;
        }

        FrontDoorMetrics.Accepted.WithLabels("third_party_register").Inc();
        exchange.Respond(RegisterResponses.Build(exchange.Request, outcome, retryAfterSeconds: 1));
        return ValueTask.CompletedTask;
    }
}
