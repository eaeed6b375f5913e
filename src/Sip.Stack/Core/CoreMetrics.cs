using Prometheus;

namespace Sip.Stack.Core;

/// <summary>Instruments of the UAS core.</summary>
internal static class CoreMetrics
{
    /// <summary>Every refusal by <see cref="SipRejectReason"/>.</summary>
    internal static readonly Counter Rejected = Metrics.CreateCounter(
        "conference_as_sip_requests_rejected_total", "Well-formed requests refused by the UAS core.", "reason");
}
