using AppServer.Configuration;
using AppServer.Lifetime;
using Conference.Actors.Ports;
using Conference.Protocol;

namespace AppServer.Downloads;

/// <summary>Makes the references that travel in messages.</summary>
public sealed class DownloadLinks : IContentReferences
{
    private const int FileNameCharactersMax = 60;

    private readonly DownloadOptions _options;
    private readonly TimeProvider _time;
    private readonly PublicAddress _address;

    /// <summary>Puts it together.</summary>
    public DownloadLinks(DownloadOptions options, ServerSecret secret, PublicAddress address, TimeProvider time)
    {
        _options = options;
        _address = address;
        _time = time;
        Tokens = new DownloadTokens(secret.KeyFor("download"));
    }

    /// <summary>Reads what <see cref="Make"/> wrote.</summary>
    internal DownloadTokens Tokens { get; }

    /// <inheritdoc/>
    /// <remarks>Null also while the HTTP listener is not open yet and no public address is configured.</remarks>
    public ContentReference? Make(ParticipantUri participant, string digest, string mediaType, string? fileName)
    {
        if (!_options.Enabled || _address.BaseUrl is not { } baseUrl) return null;
        var expires = DateTimeOffset.FromUnixTimeSeconds((_time.GetUtcNow() + _options.Lifetime).ToUnixTimeSeconds());
        var grant = new DownloadGrant(digest, mediaType, Safe(fileName), participant.Value, expires);
        return new ContentReference($"{baseUrl}{DownloadEndpoints.Prefix}/{Tokens.Write(grant)}", expires);
    }

    // The name goes into Content-Disposition and onto somebody's disk: no paths, no controls, nothing hidden.
    private static string Safe(string? name)
    {
        if (name is null) return string.Empty;
        Span<char> kept = stackalloc char[FileNameCharactersMax];
        var count = 0;
        foreach (var c in name)
        {
            if (count == kept.Length) break;
            kept[count++] = char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_';
        }

        return new string(kept[..count]).TrimStart('.');
    }
}
