using Microsoft.Extensions.Logging;

namespace Sip.Stack.Registration;

/// <summary>Log lines of the registrar, ids 1400 to 1449.</summary>
internal static partial class RegistrationLog
{
    [LoggerMessage(1400, LogLevel.Information, "Restored {Addresses} addresses-of-record with {Bindings} bindings")]
    internal static partial void Restored(this ILogger log, int addresses, int bindings);

    [LoggerMessage(1401, LogLevel.Warning, "Registrations could not be written to the store ({Kind})")]
    internal static partial void StoreFailed(this ILogger log, string kind, Exception fault);

    [LoggerMessage(1402, LogLevel.Error, "A listener to registrations failed")]
    internal static partial void ListenerFailed(this ILogger log, Exception fault);

    [LoggerMessage(1403, LogLevel.Debug, "REGISTER {Outcome}: {AddressOfRecord}, {Bindings} bindings")]
    internal static partial void Registered(
        this ILogger log, RegisterOutcome outcome, string addressOfRecord, int bindings);

    [LoggerMessage(1404, LogLevel.Debug, "Bindings of {AddressOfRecord} expired, {Bindings} left")]
    internal static partial void Expired(this ILogger log, string addressOfRecord, int bindings);

    [LoggerMessage(1405, LogLevel.Debug, "Third-party REGISTER {Outcome}: {Identity}")]
    internal static partial void ThirdParty(this ILogger log, ThirdPartyOutcome outcome, string identity);

    [LoggerMessage(1406, LogLevel.Warning,
        "{Left} addresses-of-record of the store are left out: the limit is {AddressesMax}")]
    internal static partial void NotAllRestored(this ILogger log, int left, int addressesMax);
}
