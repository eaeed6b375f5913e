using System.Diagnostics;

namespace Sip.Stack.Registration;

/// <summary>One third-party REGISTER, free of its message (TS 24.229 5.4.1.7).</summary>
/// <param name="Identity">The canonical URI in To.</param>
/// <param name="CallId">New for each report of a Kamailio S-CSCF; others keep one and count CSeq up (RFC 3261 10.2.4).
/// </param>
/// <param name="CSeq">Its number.</param>
/// <param name="Branch">The branch of the top Via; null when there is none.</param>
/// <param name="Expires">In seconds; 0 for a de-registration; null when absent.</param>
/// <param name="Associated">Canonical URIs of P-Associated-URI.</param>
public sealed record ThirdPartyReport(
    string Identity, string CallId, uint CSeq, string? Branch, uint? Expires, IReadOnlyList<string> Associated);

/// <summary>What became of a third-party REGISTER. The answer to all of them is 200 but for the last two.</summary>
public enum ThirdPartyOutcome
{
    /// <summary>The identity is registered from now on, or longer.</summary>
    Registered,

    /// <summary>The identity is not registered any more, as far as the S-CSCF knows.</summary>
    Deregistered,

    /// <summary>The same report again: nothing changed.</summary>
    Duplicate,

    /// <summary>Too many identities.</summary>
    TableFull,

    /// <summary>To cannot be read as an identity.</summary>
    Malformed,
}

/// <summary>The answers to each <see cref="ThirdPartyOutcome"/>.</summary>
public static class ThirdPartyOutcomes
{
    /// <summary>Status, reason phrase and metric label.</summary>
    public static (int Status, string Reason, string Label) Describe(ThirdPartyOutcome outcome) => outcome switch
    {
        ThirdPartyOutcome.Registered => (200, "OK", "registered"),
        ThirdPartyOutcome.Deregistered => (200, "OK", "deregistered"),
        ThirdPartyOutcome.Duplicate => (200, "OK", "duplicate"),
        ThirdPartyOutcome.TableFull => (503, "Too Many Registered Identities", "table_full"),
        ThirdPartyOutcome.Malformed => (400, "To Is Not an Identity", "malformed"),
        _ => throw new UnreachableException($"No answer for {outcome}"),
    };
}

/// <summary>One identity as the S-CSCF last reported it.</summary>
/// <param name="Identity">Canonical sip or tel URI.</param>
/// <param name="ExpiresAt">Until when the report is believed.</param>
public sealed record ThirdPartyRegistration(string Identity, DateTimeOffset ExpiresAt);
