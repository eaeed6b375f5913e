using Prometheus;

namespace Sip.Stack.Registration;

/// <summary>Instruments of the registrar and of third-party registrations.</summary>
internal static class RegistrationMetrics
{
    internal static readonly Counter Registers = Metrics.CreateCounter(
        "conference_as_sip_registers_total", "REGISTER requests by outcome.", "outcome");

    internal static readonly Counter BindingsExpired = Metrics.CreateCounter(
        "conference_as_sip_bindings_expired_total", "Bindings that ran out without a refresh.");

    internal static readonly Gauge Addresses = Metrics.CreateGauge(
        "conference_as_sip_registered_addresses", "Addresses-of-record with at least one binding.");

    internal static readonly Counter ThirdPartyRegisters = Metrics.CreateCounter(
        "conference_as_sip_third_party_registers_total", "Third-party REGISTER requests by outcome.", "outcome");

    internal static readonly Gauge ThirdPartyIdentities = Metrics.CreateGauge(
        "conference_as_sip_third_party_identities", "Identities that the S-CSCF reported as registered.");

    internal static readonly Counter StoreFailures = Metrics.CreateCounter(
        "conference_as_sip_registration_store_failures_total", "Writes of registrations that failed.", "kind");
}
