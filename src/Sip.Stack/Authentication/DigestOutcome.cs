using System.Diagnostics;

namespace Sip.Stack.Authentication;

/// <summary>
/// How a request fared at the digest check. Closed; described by <see cref="DigestOutcomes.Describe"/>.
/// </summary>
public enum DigestOutcome
{
    /// <summary>The request is from the user that the verdict names.</summary>
    Accepted,

    /// <summary>No credentials for this realm, or only of a scheme that is not Digest.</summary>
    NoCredentials,

    /// <summary>Credentials that cannot be read, or lack a part that they must have.</summary>
    Malformed,

    /// <summary>An algorithm that was not offered.</summary>
    UnknownAlgorithm,

    /// <summary>Without <c>qop=auth</c>: nothing would show a replay, so it is not accepted.</summary>
    UnknownQop,

    /// <summary>The <c>uri</c> parameter names something else than this request's target.</summary>
    UriMismatch,

    /// <summary>Unknown user or wrong password; deliberately one outcome.</summary>
    WrongCredentials,

    /// <summary>Right answer to a nonce that is too old.</summary>
    StaleNonce,

    /// <summary>Right answer to a nonce that this server did not make with its present key.</summary>
    UnknownNonce,

    /// <summary>Right answer with a nonce-count that was used before.</summary>
    Replayed,

    /// <summary>The source has given too many wrong answers lately.</summary>
    TooManyFailures,
}

/// <summary>The consequences of each <see cref="DigestOutcome"/>.</summary>
public static class DigestOutcomes
{
    /// <summary>Status (0 for none), the <c>stale</c> flag of the challenge, reason phrase and metric label.</summary>
    /// <remarks>
    /// <c>stale=true</c> tells the client to try again without asking its user (RFC 7616 3.3), so it may only follow
    /// a right answer: to an old nonce, to one from before a restart, or with a count that was used. The last is what a
    /// client sends that tries the same request at its next server (RFC 3263 4.3); whoever replays it learns nothing.
    /// </remarks>
    public static (int Status, bool Stale, string Reason, string Label) Describe(DigestOutcome outcome) =>
        outcome switch
        {
            DigestOutcome.Accepted => (0, false, "OK", "accepted"),
            DigestOutcome.NoCredentials => (401, false, "Unauthorized", "no_credentials"),
            DigestOutcome.Malformed => (400, false, "Malformed Authorization", "malformed"),
            DigestOutcome.UnknownAlgorithm => (401, false, "Unauthorized", "unknown_algorithm"),
            DigestOutcome.UnknownQop => (401, false, "Unauthorized", "unknown_qop"),
            DigestOutcome.UriMismatch => (400, false, "Authorization uri Does Not Match Request-URI", "uri_mismatch"),
            DigestOutcome.WrongCredentials => (401, false, "Unauthorized", "wrong_credentials"),
            DigestOutcome.StaleNonce => (401, true, "Unauthorized", "stale_nonce"),
            DigestOutcome.UnknownNonce => (401, true, "Unauthorized", "unknown_nonce"),
            DigestOutcome.Replayed => (401, true, "Unauthorized", "replayed"),
            DigestOutcome.TooManyFailures => (403, false, "Too Many Failed Authentications", "too_many_failures"),
            _ => throw new UnreachableException($"No consequence for {outcome}"),
        };
}
