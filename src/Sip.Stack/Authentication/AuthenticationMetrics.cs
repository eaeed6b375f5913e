using Prometheus;

namespace Sip.Stack.Authentication;

/// <summary>Instruments of digest authentication.</summary>
internal static class AuthenticationMetrics
{
    /// <summary>Every judged request by <see cref="DigestOutcome"/>.</summary>
    internal static readonly Counter Outcomes = Metrics.CreateCounter(
        "conference_as_sip_digest_outcomes_total", "Requests judged by digest authentication.", "outcome");

    internal static readonly Counter NoncesForgotten = Metrics.CreateCounter(
        "conference_as_sip_digest_nonces_forgotten_total", "Nonces forgotten because the nonce table was full.");
}
