using System.Collections.Frozen;

namespace Sip.Stack.Authentication;

/// <summary>A fixed set of users with passwords; holds only their H(A1).</summary>
/// <remarks>
/// Clients send <c>username="alice"</c> or <c>username="alice@realm"</c>, and the digest is over what they sent. Both
/// spellings are computed when the store is made, so that a look-up costs the same for a user that is there and one
/// that is not. A changed user file is a new store.
/// </remarks>
public sealed class PasswordCredentialStore : ICredentialStore
{
    private readonly string _realm;
    private readonly FrozenDictionary<(string UserName, DigestAlgorithm Algorithm), StoredCredential> _credentials;

    /// <summary>Computes the secrets of all users.</summary>
    /// <param name="realm">The only realm this store answers for.</param>
    /// <param name="users">User name (without a domain) and password. User names are compared with case.</param>
    public PasswordCredentialStore(string realm, IEnumerable<KeyValuePair<string, string>> users)
    {
        _realm = realm;
        var credentials = new Dictionary<(string, DigestAlgorithm), StoredCredential>();
        foreach (var (user, password) in users)
        {
            foreach (var spelling in (ReadOnlySpan<string>)[user, $"{user}@{realm}"])
            {
                foreach (var algorithm in (ReadOnlySpan<DigestAlgorithm>)[DigestAlgorithm.Md5, DigestAlgorithm.Sha256])
                {
                    var ha1 = DigestHash.Ha1(algorithm, spelling, realm, password);
                    credentials[(spelling, algorithm)] = new StoredCredential(user, ha1);
                }
            }
        }

        _credentials = credentials.ToFrozenDictionary();
    }

    /// <inheritdoc/>
    public StoredCredential? Find(string userName, string realm, DigestAlgorithm algorithm) =>
        realm == _realm && _credentials.TryGetValue((userName, algorithm), out var found) ? found : null;
}
