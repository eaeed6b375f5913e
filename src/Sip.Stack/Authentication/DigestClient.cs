using System.Globalization;
using Sip.Stack.Messages;

namespace Sip.Stack.Authentication;

/// <summary>What a client can do with a 401 or 407.</summary>
public enum DigestClientOutcome
{
    /// <summary>There is an Authorization value to send.</summary>
    Answered,

    /// <summary>No challenge of a known scheme, algorithm and qop.</summary>
    NoKnownChallenge,

    /// <summary>The same password was just refused; sending it again would only lock the account.</summary>
    Refused,
}

/// <summary>The client's side of digest authentication, for one user (RFC 3261 22.2, RFC 7616 3.4).</summary>
/// <remarks>
/// Thread-safe. Remembers the last challenge it answered, so that the next request can carry credentials at once with
/// the next nonce-count and costs no second round trip (RFC 3261 22.2, last paragraphs).
/// </remarks>
/// <param name="user">Sent as <c>username</c>.</param>
/// <param name="random">Makes client nonces.</param>
public sealed class DigestClient(string user, string password, RandomBytes random)
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private Challenge? _challenge;
    private uint _nonceCount;

    /// <summary>Answers the strongest known challenge of a 401 or 407; of equal ones the first.</summary>
    /// <param name="challenges">The values of WWW-Authenticate or Proxy-Authenticate, one per header line.</param>
    /// <param name="method">Of the request to be sent again.</param>
    /// <param name="uri">Its Request-URI.</param>
    /// <param name="refusedCredentials">Whether the refused request carried credentials already.</param>
    /// <param name="authorization">The value for Authorization or Proxy-Authorization.</param>
    public DigestClientOutcome Answer(
        IEnumerable<string> challenges, string method, string uri, bool refusedCredentials, out string authorization)
    {
        authorization = string.Empty;
        Challenge? best = null;
        foreach (var text in challenges)
        {
            if (Challenge.TryRead(text) is { } read && (best is null || read.Algorithm > best.Algorithm)) best = read;
        }

        if (best is null) return DigestClientOutcome.NoKnownChallenge;
        if (refusedCredentials && !best.IsStale) return DigestClientOutcome.Refused;
        lock (_gate)
        {
            // A server that repeats its nonce in a challenge expects the count to go on (RFC 7616 3.4).
            if (_challenge?.Nonce != best.Nonce) _nonceCount = 0;
            _challenge = best;
            authorization = Authorize(best, method, uri);
        }

        return DigestClientOutcome.Answered;
    }

    /// <summary>
    /// Credentials for a further request under the remembered challenge; null when there is none yet.
    /// </summary>
    public string? Preempt(string method, string uri)
    {
        lock (_gate) return _challenge is null ? null : Authorize(_challenge, method, uri);
    }

    private string Authorize(Challenge challenge, string method, string uri)
    {
        Span<byte> salt = stackalloc byte[12];
        random(salt);
        var clientNonce = Convert.ToHexStringLower(salt);
        var count = (++_nonceCount).ToString("x8", CultureInfo.InvariantCulture);
        var ha1 = DigestHash.Ha1(challenge.Algorithm, user, challenge.Realm, password);
        var response = DigestHash.Response(
            challenge.Algorithm, ha1, method, uri, challenge.Nonce, challenge.Qop, count, clientNonce);

        var value = $"Digest username={SipQuoting.Quote(user)}, "
            + $"realm={SipQuoting.Quote(challenge.Realm)}, nonce={SipQuoting.Quote(challenge.Nonce)}, "
            + $"uri=\"{uri}\", response=\"{response}\", algorithm={challenge.Algorithm.Token()}";
        if (challenge.Opaque is { } opaque) value += $", opaque={SipQuoting.Quote(opaque)}";
        return challenge.Qop is null ? value : $"{value}, qop={challenge.Qop}, nc={count}, cnonce=\"{clientNonce}\"";
    }

    private sealed record Challenge(
        DigestAlgorithm Algorithm, string Realm, string Nonce, string? Opaque, string? Qop, bool IsStale)
    {
        /// <summary>Null for a challenge that cannot be answered here.</summary>
        public static Challenge? TryRead(string text)
        {
            if (!AuthenticationHeader.TryParse(text, out var value) || !value.IsDigest) return null;
            if (value["realm"] is not { } realm || value["nonce"] is not { Length: > 0 } nonce) return null;
            if (!DigestAlgorithms.TryParse(value["algorithm"], out var algorithm)) return null;

            // Only "auth" is known; a challenge without qop is answered the RFC 2069 way (RFC 3261 22.4).
            string? qop = null;
            if (value["qop"] is { } offered)
            {
                qop = "auth";
                var isOffered = offered.Split(',', StringSplitOptions.TrimEntries)
                    .Contains(qop, StringComparer.OrdinalIgnoreCase);
                if (!isOffered) return null;
            }

            var isStale = "true".Equals(value["stale"], StringComparison.OrdinalIgnoreCase);
            return new Challenge(algorithm, realm, nonce, value["opaque"], qop, isStale);
        }
    }
}
