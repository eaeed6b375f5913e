using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sip.Stack.Authentication;

namespace AppServer.FrontDoor;

/// <summary>The users of <c>Standalone</c> mode with their digest secrets, from config/users.json.</summary>
/// <remarks>
/// <code>{ "users": [ { "name": "alice", "password": "..." },
///            { "name": "bob", "ha1Md5": "32 hex digits", "ha1Sha256": "64 hex digits" } ] }</code>
/// HA1 is the hash of <c>name:realm:password</c> (RFC 7616 3.4.2); with it the file holds no password. The name is the
/// user part of the address-of-record, compared with case. Only hashes are kept in memory.
/// </remarks>
public sealed class UserFile : ICredentialStore
{
    private const int NameCharactersMax = 64;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private readonly string _realm;
    private readonly FrozenDictionary<(string UserName, DigestAlgorithm Algorithm), StoredCredential> _credentials;

    private UserFile(
        string realm, Dictionary<(string UserName, DigestAlgorithm Algorithm), StoredCredential> credentials, int count)
    {
        _realm = realm;
        _credentials = credentials.ToFrozenDictionary();
        Count = count;
    }

    /// <summary>How many users there are.</summary>
    public int Count { get; }

    /// <summary>Reads a file and checks all of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="realm">The realm that passwords are hashed for.</param>
    /// <param name="faults">Everything wrong with it, one line each, without secrets.</param>
    /// <returns>Null when there are faults.</returns>
    public static UserFile? TryRead(string path, string realm, out ImmutableArray<string> faults)
    {
        try
        {
            var document = JsonSerializer.Deserialize<Document>(File.ReadAllBytes(path), Format);
            return Build(document?.Users ?? [], realm, out faults);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            faults = [$"{path}: {failure.Message}"];
            return null;
        }
    }

    /// <inheritdoc/>
    public StoredCredential? Find(string userName, string realm, DigestAlgorithm algorithm) =>
        realm == _realm && _credentials.TryGetValue((userName, algorithm), out var found) ? found : null;

    private static UserFile? Build(User?[] users, string realm, out ImmutableArray<string> faults)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var credentials = new Dictionary<(string UserName, DigestAlgorithm Algorithm), StoredCredential>();
        for (var i = 0; i < users.Length; i++)
        {
            var user = users[i];
            if (user is null || !IsName(user.Name))
            {
                found.Add($"users[{i}].name: must be 1 to {NameCharactersMax} of A-Z a-z 0-9 . _ - +");
                continue;
            }

            if (credentials.ContainsKey((user.Name, DigestAlgorithm.Md5))
                || credentials.ContainsKey((user.Name, DigestAlgorithm.Sha256)))
            {
                found.Add($"users[{i}].name = '{user.Name}': is there twice");
                continue;
            }

            if (user.Password is { Length: > 0 } password) AddPassword(credentials, user.Name, realm, password);
            else AddHashes(credentials, user, i, found);
        }

        faults = found.ToImmutable();
        return faults.IsEmpty ? new UserFile(realm, credentials, users.Length) : null;
    }

    // Clients send alice or alice@realm as user name, and the digest is over what they sent.
    private static void AddPassword(
        Dictionary<(string UserName, DigestAlgorithm Algorithm), StoredCredential> credentials, string name,
        string realm, string password)
    {
        foreach (var spelling in (ReadOnlySpan<string>)[name, $"{name}@{realm}"])
        {
            foreach (var algorithm in (ReadOnlySpan<DigestAlgorithm>)[DigestAlgorithm.Md5, DigestAlgorithm.Sha256])
            {
                var ha1 = DigestHash.Ha1(algorithm, spelling, realm, password);
                credentials[(spelling, algorithm)] = new StoredCredential(name, ha1);
            }
        }
    }

    private static void AddHashes(
        Dictionary<(string UserName, DigestAlgorithm Algorithm), StoredCredential> credentials, User user, int index,
        ImmutableArray<string>.Builder faults)
    {
        var hasAny = false;
        foreach (var (name, value, digits, algorithm) in (ReadOnlySpan<(string, string?, int, DigestAlgorithm)>)
            [
                ("ha1Md5", user.Ha1Md5, 32, DigestAlgorithm.Md5),
                ("ha1Sha256", user.Ha1Sha256, 64, DigestAlgorithm.Sha256),
            ])
        {
            if (value is null) continue;
            hasAny = true;
            if (value.Length != digits || !value.All(char.IsAsciiHexDigit))
                faults.Add($"users[{index}].{name}: must be {digits} hexadecimal digits");
            else
                credentials[(user.Name!, algorithm)] = new StoredCredential(user.Name!, value.ToLowerInvariant());
        }

        if (!hasAny) faults.Add($"users[{index}]: needs password, ha1Md5 or ha1Sha256");
    }

    private static bool IsName([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= NameCharactersMax }
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+');

    private sealed record Document(User[]? Users);

    private sealed record User(string? Name, string? Password, string? Ha1Md5, string? Ha1Sha256);
}
