using System.Security.Cryptography;
using System.Text;
using AppServer.Configuration;

namespace AppServer.Admin;

/// <summary>The bearer token of the admin API (RFC 6750 2.1).</summary>
public sealed class AdminToken
{
    /// <summary>A shorter token is refused at start: it could be guessed.</summary>
    public const int CharactersMin = 16;

    private const string Scheme = "Bearer ";

    private readonly byte[]? _hash;

    /// <summary>Takes a token.</summary>
    /// <param name="token">Null when none is asked for: on a loopback address only.</param>
    public AdminToken(string? token) => _hash = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether a token is asked for.</summary>
    public bool IsRequired => _hash is not null;

    /// <summary>Reads the token from the options or the file they name.</summary>
    /// <param name="configuration">Its file names are relative to its folder.</param>
    /// <param name="fault">What is wrong with the file; null when nothing is. An empty file is a fault, never no token.
    /// </param>
    public static AdminToken Load(LoadedConfiguration configuration, out OptionFault? fault)
    {
        var options = configuration.Options.Admin;
        fault = null;
        if (options.Token.Length > 0) return new AdminToken(options.Token);
        if (options.TokenFile.Length == 0) return new AdminToken(null);
        var token = string.Empty;
        try
        {
            token = File.ReadAllText(configuration.Beside(options.TokenFile)).Trim();
            if (token.Length < CharactersMin)
                fault = Fault(options, $"must hold a token of at least {CharactersMin} characters");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            fault = Fault(options, "cannot be read: " + failure.Message);
        }

        return new AdminToken(token);
    }

    private static OptionFault Fault(AdminOptions options, string rule) =>
        new("Admin:TokenFile", options.TokenFile, rule);

    /// <summary>Whether an Authorization header carries the token. Takes the same time for every wrong one.</summary>
    public bool Accepts(string? authorization)
    {
        if (_hash is null) return true;
        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) is not true) return false;
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        return CryptographicOperations.FixedTimeEquals(given, _hash);
    }
}
