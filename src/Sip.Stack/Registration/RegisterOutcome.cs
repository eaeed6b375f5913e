using System.Diagnostics;

namespace Sip.Stack.Registration;

/// <summary>How a REGISTER fared. Closed; described by <see cref="RegisterOutcomes.Describe"/>.</summary>
public enum RegisterOutcome
{
    /// <summary>Bindings were added, refreshed or removed.</summary>
    Updated,

    /// <summary>No Contact: nothing changed, the bindings are listed.</summary>
    Fetched,

    /// <summary><c>Contact: *</c> with another contact, or without <c>Expires: 0</c>.</summary>
    WildcardMisused,

    /// <summary>An expiry under an hour and under the configured least.</summary>
    IntervalTooBrief,

    /// <summary>The CSeq is not above that of a binding with the same Call-ID.</summary>
    OutOfOrder,

    /// <summary>The address-of-record would have too many contacts.</summary>
    TooManyContacts,

    /// <summary>The Path is longer than allowed.</summary>
    PathTooLong,

    /// <summary>A Contact, Path or To cannot be read.</summary>
    Malformed,

    /// <summary>To is no SIP URI with a user.</summary>
    NotAnAddressOfRecord,

    /// <summary>The authenticated user may not register this address-of-record.</summary>
    NotAuthorized,

    /// <summary>This registrar does not serve the domain in To.</summary>
    UnknownDomain,

    /// <summary>The registrar holds as many addresses-of-record as it may.</summary>
    RegistrarFull,

    /// <summary>The bindings could not be made durable.</summary>
    StoreUnavailable,
}

/// <summary>The answers to each <see cref="RegisterOutcome"/>.</summary>
public static class RegisterOutcomes
{
    /// <summary>Status, reason phrase and metric label.</summary>
    /// <remarks>
    /// <see cref="RegisterOutcome.OutOfOrder"/>: RFC 3261 10.3 says only that the request fails. 400 and not 500,
    /// because the fault is the client's. The two 503 concern the server as a whole and carry Retry-After.
    /// </remarks>
    public static (int Status, string Reason, string Label) Describe(RegisterOutcome outcome) => outcome switch
    {
        RegisterOutcome.Updated => (200, "OK", "updated"),
        RegisterOutcome.Fetched => (200, "OK", "fetched"),
        RegisterOutcome.WildcardMisused => (400, "Contact * Needs Expires 0 and No Other Contact", "wildcard_misused"),
        RegisterOutcome.IntervalTooBrief => (423, "Interval Too Brief", "interval_too_brief"),
        RegisterOutcome.OutOfOrder => (400, "CSeq Out Of Order", "out_of_order"),
        RegisterOutcome.TooManyContacts => (403, "Too Many Contacts", "too_many_contacts"),
        RegisterOutcome.PathTooLong => (403, "Path Too Long", "path_too_long"),
        RegisterOutcome.Malformed => (400, "Malformed Contact or Path", "malformed"),
        RegisterOutcome.NotAnAddressOfRecord => (400, "To Is Not a SIP Address-of-Record", "not_an_aor"),
        RegisterOutcome.NotAuthorized => (403, "Not Your Address-of-Record", "not_authorized"),
        RegisterOutcome.UnknownDomain => (404, "Domain Not Served Here", "unknown_domain"),
        RegisterOutcome.RegistrarFull => (503, "Registrar Full", "registrar_full"),
        RegisterOutcome.StoreUnavailable => (503, "Registration Store Unavailable", "store_unavailable"),
        _ => throw new UnreachableException($"No answer for {outcome}"),
    };

    /// <summary>True when the answer is a 200 with the bindings.</summary>
    public static bool IsSuccess(this RegisterOutcome outcome) =>
        outcome is RegisterOutcome.Updated or RegisterOutcome.Fetched;
}
