using System.Security.Cryptography;
using System.Text;
using AppServer.Configuration;
using AppServer.Lifetime;
using Conference.Protocol;

namespace AppServer.Provisioning;

/// <summary>Makes the URIs of new conferences, and knows the URIs of this server.</summary>
/// <remarks>
/// The user part is <c>conf-</c> and 26 digits of base 32 (a-z, 2-7): 128 bits of a keyed hash over who asks and the id
/// of the request. So it cannot be guessed without the secret of the installation, and a create request that is
/// repeated, on any node, means the conference it made the first time (R3). Lower case, because user parts are compared
/// with case; short, because some S-CSCFs do not survive long identities.
/// </remarks>
public sealed class ConferenceUris
{
    /// <summary>How the user part of every conference URI begins.</summary>
    public const string Prefix = "conf-";

    private const int IdBytes = 16;
    private const string Digits = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly byte[] _key;
    private readonly string _domain;

    /// <summary>Reads domain and factory from the options.</summary>
    public ConferenceUris(ServerOptions options, ServerSecret secret)
    {
        _key = secret.KeyFor("conference-uri");
        _domain = options.Domain.ToLowerInvariant();
        Factory = ConferenceUri.Parse($"sip:{options.FactoryUser}@{_domain}");
    }

    /// <summary>Where create requests go (RFC 4579 5.4).</summary>
    public ConferenceUri Factory { get; }

    /// <summary>The URI of the conference that a request makes.</summary>
    /// <param name="creator">Who asks.</param>
    /// <param name="requestId">The id of the request.</param>
    public ConferenceUri For(ParticipantUri creator, string requestId)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{creator.Value}\n{requestId}"), hash);
        return Named(Base32(hash[..IdBytes]));
    }

    /// <summary>The URI of a conference with a name given by an operator.</summary>
    /// <param name="name">See <see cref="IsName"/>.</param>
    public ConferenceUri Named(string name) => ConferenceUri.Parse($"sip:{Prefix}{name}@{_domain}");

    /// <summary>Whether a text can be the name of a conference: 1 to 40 of a-z 0-9 and -.</summary>
    public static bool IsName(string? text) =>
        text is { Length: > 0 and <= 40 }
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Whether a URI has the form of a conference of this server; it need not exist.</summary>
    /// <remarks>Anything else ends here and never costs an actor or a look into the store.</remarks>
    public bool IsConference(ConferenceUri uri)
    {
        const string Start = "sip:" + Prefix;
        var end = uri.Value.Length - _domain.Length - 1;
        return end > Start.Length
            && uri.Value.StartsWith(Start, StringComparison.Ordinal)
            && uri.Value[end] == '@'
            && uri.Value.EndsWith(_domain, StringComparison.Ordinal)
            && IsName(uri.Value[Start.Length..end]);
    }

    // 5 bits a digit, most significant first, without padding: 16 bytes give 26 digits.
    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var bits = 0;
        var buffer = 0;
        foreach (var value in bytes)
        {
            buffer = (buffer << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Digits[(buffer >> bits) & 31]);
            }

            buffer &= (1 << bits) - 1;
        }

        if (bits > 0) text.Append(Digits[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }
}
