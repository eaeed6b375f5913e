using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Authentication;

/// <summary>The server's side of digest authentication (RFC 3261 22, RFC 8760, RFC 7616).</summary>
/// <remarks>
/// Thread-safe. Reads no clock: <c>now</c> comes in. CANCEL and ACK are never to be challenged (RFC 3261 22.1); see
/// <see cref="MayChallenge"/>. The password is judged before the nonce, for two reasons: only a right answer may be
/// told <c>stale=true</c>, and only a right answer may take a place in the nonce-count table.
/// </remarks>
public sealed class DigestAuthenticator
{
    private const string Qop = "auth";
    private const int NonceCountDigits = 8;

    private readonly DigestOptions _options;
    private readonly ICredentialStore _store;
    private readonly NonceFactory _nonces;
    private readonly NonceCountTable _counts;
    private readonly FailureLimiter _failures;
    private readonly Func<string, string, bool> _isSameTarget;
    private readonly string _opaque;
    private readonly byte[] _dummyKey;

    /// <summary>Makes an authenticator.</summary>
    /// <param name="key">Signs nonces, at least 16 bytes; the same on all nodes that share clients.</param>
    /// <param name="random">A cryptographic source in the product.</param>
    /// <param name="isSameTarget">
    /// Whether the <c>uri</c> parameter (first) may stand for the Request-URI (second) where the two are not
    /// equivalent: a proxy may have rewritten the Request-URI on the way (RFC 3261 22.4). Null: never.
    /// </param>
    public DigestAuthenticator(
        DigestOptions options, ICredentialStore store, ReadOnlySpan<byte> key, RandomBytes random,
        Func<string, string, bool>? isSameTarget = null)
    {
        _options = options;
        _store = store;
        _nonces = new NonceFactory(key, options, random);
        _counts = new NonceCountTable(options);
        _failures = new FailureLimiter(options);
        _isSameTarget = isSameTarget ?? ((_, _) => false);
        _dummyKey = HMACSHA256.HashData(key, "unknown user"u8);
        _opaque = Convert.ToHexStringLower(HMACSHA256.HashData(key, "opaque"u8).AsSpan(0, 8));
    }

    /// <summary>False for the two methods that cannot be sent again with credentials (RFC 3261 22.1).</summary>
    public static bool MayChallenge(SipMethod method) => method is not (SipMethod.Ack or SipMethod.Cancel);

    /// <summary>Judges a request by its Authorization header fields; counts the outcome.</summary>
    public DigestVerdict Authenticate(DigestAttempt attempt, DateTimeOffset now)
    {
        var verdict = Judge(attempt, now);
        if (verdict.Outcome == DigestOutcome.WrongCredentials) _failures.Fail(attempt.Source, now);
        AuthenticationMetrics.Outcomes.WithLabels(DigestOutcomes.Describe(verdict.Outcome).Label).Inc();
        return verdict;
    }

    /// <summary>The values of WWW-Authenticate for a 401, best algorithm first, one header line each.</summary>
    public IReadOnlyList<string> Challenges(DigestOutcome outcome, DateTimeOffset now)
    {
        var stale = DigestOutcomes.Describe(outcome).Stale ? ", stale=true" : string.Empty;
        var nonce = _nonces.Create(now);
        var realm = SipQuoting.Quote(_options.Realm);
        return [.. _options.Algorithms.Select(algorithm =>
            $"Digest realm={realm}, nonce=\"{nonce}\", opaque=\"{_opaque}\", qop=\"{Qop}\"{stale}, "
            + $"algorithm={algorithm.Token()}")];
    }

    private DigestVerdict Judge(DigestAttempt attempt, DateTimeOffset now)
    {
        if (attempt.Credentials.Count == 0) return new DigestVerdict(DigestOutcome.NoCredentials);
        if (_failures.IsBlocked(attempt.Source, now)) return new DigestVerdict(DigestOutcome.TooManyFailures);

        var outcome = Select(attempt.Credentials, out var credentials, out var algorithm);
        if (outcome != DigestOutcome.Accepted) return new DigestVerdict(outcome);
        if (credentials["qop"] is not { } qop) return new DigestVerdict(DigestOutcome.UnknownQop);
        if (!qop.Equals(Qop, StringComparison.OrdinalIgnoreCase)) return new DigestVerdict(DigestOutcome.UnknownQop);
        if (credentials["username"] is not { Length: > 0 } userName || credentials["nonce"] is not { } nonce
            || credentials["uri"] is not { Length: > 0 } uri || credentials["response"] is not { } response
            || credentials["cnonce"] is not { Length: > 0 } clientNonce || credentials["nc"] is not { } countText
            || !TryReadCount(countText, out var count))
        {
            return new DigestVerdict(DigestOutcome.Malformed);
        }

        var stored = _store.Find(userName, _options.Realm, algorithm);
        var expected = DigestHash.Response(
            algorithm, stored?.Ha1 ?? DummyHa1(userName, algorithm), attempt.Method, uri, nonce, qop, countText,
            clientNonce);
        if (!AreEqual(expected, response) || stored is null) return new DigestVerdict(DigestOutcome.WrongCredentials);
        if (!IsTarget(uri, attempt.RequestUri)) return new DigestVerdict(DigestOutcome.UriMismatch);
        return JudgeNonce(nonce, count, stored.Value.User, now);
    }

    private DigestVerdict JudgeNonce(string nonce, uint count, string user, DateTimeOffset now)
    {
        switch (_nonces.Check(nonce, now, out var stamp))
        {
            case NonceVerdict.Unknown: return new DigestVerdict(DigestOutcome.UnknownNonce);
            case NonceVerdict.Expired: return new DigestVerdict(DigestOutcome.StaleNonce);
        }

        return _counts.Use(stamp, count, now) switch
        {
            NonceUse.Fresh => new DigestVerdict(DigestOutcome.Accepted, user),
            NonceUse.Replayed => new DigestVerdict(DigestOutcome.Replayed),
            _ => new DigestVerdict(DigestOutcome.StaleNonce),
        };
    }

    /// <summary>Picks the credentials for this realm; of several, those of the algorithm offered first.</summary>
    private DigestOutcome Select(
        IReadOnlyList<string> values, out AuthenticationHeader credentials, out DigestAlgorithm algorithm)
    {
        credentials = null!;
        algorithm = default;
        var best = int.MaxValue;
        var outcome = DigestOutcome.NoCredentials;
        foreach (var text in values)
        {
            if (!AuthenticationHeader.TryParse(text, out var value)) return DigestOutcome.Malformed;
            if (!value.IsDigest || value["realm"] != _options.Realm) continue;
            if (!DigestAlgorithms.TryParse(value["algorithm"], out var offered) || Rank(offered) is not { } rank)
            {
                if (best == int.MaxValue) outcome = DigestOutcome.UnknownAlgorithm;
                continue;
            }

            if (rank >= best) continue;
            (best, credentials, algorithm, outcome) = (rank, value, offered, DigestOutcome.Accepted);
        }

        return outcome;
    }

    private int? Rank(DigestAlgorithm algorithm)
    {
        for (var i = 0; i < _options.Algorithms.Count; i++)
        {
            if (_options.Algorithms[i] == algorithm) return i;
        }

        return null;
    }

    private bool IsTarget(string uri, string requestUri) =>
        uri == requestUri
        || (SipUri.TryParse(uri, out var named) && SipUri.TryParse(requestUri, out var target)
            && named.IsEquivalentTo(target))
        || _isSameTarget(uri, requestUri);

    /// <summary>A secret nobody knows, so that an unknown user costs the same work as a wrong password.</summary>
    private string DummyHa1(string userName, DigestAlgorithm algorithm)
    {
        var mac = HMACSHA256.HashData(_dummyKey, Encoding.UTF8.GetBytes(userName));
        return Convert.ToHexStringLower(algorithm == DigestAlgorithm.Md5 ? mac.AsSpan(0, 16) : mac);
    }

    private static bool AreEqual(string expected, string received) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(received.ToLowerInvariant()));

    private static bool TryReadCount(string text, out uint count)
    {
        count = 0;
        return text.Length == NonceCountDigits
            && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out count)
            && count > 0;
    }
}
