using System.Security.Cryptography;
using System.Text;
using AppServer.Configuration;

namespace AppServer.Admin;

/// <summary>The bearer token of the admin API (RFC 6750 2.1).</summary>
public sealed class AdminToken
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _hash;

    /// <summary>Takes a token.</summary>
    /// <param name="token">Null when none is asked for: on a loopback address only.</param>
    public AdminToken(string? token) => _hash = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether a token is asked for.</summary>
    public bool IsRequired => _hash is not null;

    /// <summary>Reads the token from the options or the file they name.</summary>
    public static AdminToken Load(LoadedConfiguration configuration)
    {
        var options = configuration.Options.Admin;
        if (options.Token.Length > 0) return new AdminToken(options.Token);
        if (options.TokenFile.Length == 0) return new AdminToken(null);
        return new AdminToken(File.ReadAllText(configuration.Beside(options.TokenFile)).Trim());
    }

    /// <summary>Whether an Authorization header carries the token. Takes the same time for every wrong one.</summary>
    public bool Accepts(string? authorization)
    {
        if (_hash is null) return true;
        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) is not true) return false;
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        return CryptographicOperations.FixedTimeEquals(given, _hash);
    }
}
