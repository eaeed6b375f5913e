using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace Sip.Stack.Registration;

/// <summary>REGISTER in, response out: RFC 3261 10.3 from step 4 on.</summary>
/// <remarks>Steps 1 to 3 (domain of the Request-URI, Require, authentication) come before, at the UAS core.</remarks>
public sealed class RegistrarFront(Registrar registrar, TimeProvider time)
{
    /// <summary>Answers a REGISTER of a user agent.</summary>
    /// <param name="user">The authenticated user; null where the sender is trusted without.</param>
    public async ValueTask<SipResponseBuilder> AnswerAsync(
        SipRequest request, SipPeer peer, string? user, CancellationToken cancel = default)
    {
        RegisterCommand? command = null;
        RegistrarStep step;
        if (Screen(request, peer, user, out var addressOfRecord, ref command) is { } refusal)
        {
            RegistrationMetrics.Registers.WithLabels(RegisterOutcomes.Describe(refusal).Label).Inc();
            step = new RegistrarStep(refusal, []);
        }
        else
        {
            step = await registrar.RegisterAsync(addressOfRecord, command!, cancel).ConfigureAwait(false);
        }

        return RegisterResponses.Build(request, command, step, registrar.Options, time.GetUtcNow());
    }

    private RegisterOutcome? Screen(
        SipRequest request, in SipPeer peer, string? user, out string addressOfRecord, ref RegisterCommand? command)
    {
        if (!AddressOfRecord.TryGet(request.To?.Uri, out addressOfRecord!)) return RegisterOutcome.NotAnAddressOfRecord;
        if (user is not null && !AddressOfRecord.BelongsTo(addressOfRecord, user)) return RegisterOutcome.NotAuthorized;
        var domains = registrar.Options.Domains;
        if (domains.Count > 0 && !domains.Contains(request.To!.Uri!.Host.ToLowerInvariant()))
        {
            return RegisterOutcome.UnknownDomain;
        }

        return RegisterRequests.TryRead(request, peer, out command) ? null : RegisterOutcome.Malformed;
    }
}
