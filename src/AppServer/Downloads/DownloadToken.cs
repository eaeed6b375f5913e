using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AppServer.Downloads;

/// <summary>What a reference allows: one blob, for one participant, until a moment.</summary>
/// <param name="Digest">Which blob: 64 lower-case hexadecimal digits.</param>
/// <param name="MediaType">What it is sent as, at most 100 ASCII characters.</param>
/// <param name="FileName">Suggested name; empty for none, at most 100 bytes of UTF-8.</param>
/// <param name="Participant">For whom it was made.</param>
/// <param name="Expires">Until when, to the second.</param>
public sealed record DownloadGrant(
    string Digest, string MediaType, string FileName, string Participant, DateTimeOffset Expires);

/// <summary>Writes grants into tokens and reads them back.</summary>
/// <remarks>
/// A token is the Base64url text (RFC 4648 5, without padding) of:
/// <code>
/// offset size
///      0    1  version, 1
///      1    8  expiry, seconds since 1970, big-endian
///      9   32  SHA-256 digest of the blob
///     41    8  first bytes of the SHA-256 of the participant's URI: ties the token to somebody without telling whom
///     49    1  length m of the media type, then m bytes ASCII
///   50+m    1  length n of the file name, then n bytes UTF-8
/// 51+m+n   32  HMAC-SHA-256 of all before, with the key of the installation
/// </code>
/// </remarks>
public sealed class DownloadTokens
{
    private const byte Version = 1;
    private const int DigestBytes = 32;
    private const int ParticipantBytes = 8;
    private const int MacBytes = HMACSHA256.HashSizeInBytes;
    private const int TextBytesMax = 100;
    private const int FixedBytes = 1 + 8 + DigestBytes + ParticipantBytes + 2 + MacBytes;
    private const int TokenCharactersMax = ((FixedBytes + (2 * TextBytesMax)) * 4 / 3) + 4;

    private readonly byte[] _key;

    /// <summary>Takes the key of the installation.</summary>
    public DownloadTokens(byte[] key) => _key = key;

    /// <summary>Writes a grant.</summary>
    public string Write(DownloadGrant grant)
    {
        var mediaType = Encoding.ASCII.GetBytes(grant.MediaType);
        var fileName = Encoding.UTF8.GetBytes(grant.FileName);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mediaType.Length, TextBytesMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fileName.Length, TextBytesMax);
        var bytes = new byte[FixedBytes + mediaType.Length + fileName.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), grant.Expires.ToUnixTimeSeconds());
        Convert.FromHexString(grant.Digest).CopyTo(bytes, 9);
        SHA256.HashData(Encoding.UTF8.GetBytes(grant.Participant)).AsSpan(0, ParticipantBytes).CopyTo(bytes.AsSpan(41));
        bytes[49] = (byte)mediaType.Length;
        mediaType.CopyTo(bytes, 50);
        bytes[50 + mediaType.Length] = (byte)fileName.Length;
        fileName.CopyTo(bytes, 51 + mediaType.Length);
        HMACSHA256.HashData(_key, bytes.AsSpan(0, bytes.Length - MacBytes), bytes.AsSpan(bytes.Length - MacBytes));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads and checks a token.</summary>
    /// <param name="token">From the request; anything.</param>
    /// <param name="now">Decides about the expiry.</param>
    /// <param name="grant">What it allows, with an empty participant; null unless the outcome is Ok.</param>
    public DownloadOutcome Read(string token, DateTimeOffset now, out DownloadGrant? grant)
    {
        grant = null;
        if (token.Length > TokenCharactersMax) return DownloadOutcome.Malformed;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        if (!Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out var count))
            return DownloadOutcome.Malformed;
        var all = bytes.AsSpan(0, count);
        if (all.Length < FixedBytes || all[0] != Version) return DownloadOutcome.Malformed;

        // The signature first, in constant time: nothing that follows reads bytes that somebody else chose.
        Span<byte> mac = stackalloc byte[MacBytes];
        HMACSHA256.HashData(_key, all[..^MacBytes], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, all[^MacBytes..])) return DownloadOutcome.BadSignature;

        var expires = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(all[1..]));
        if (expires <= now) return DownloadOutcome.Expired;
        var mediaType = all.Slice(50, all[49]);
        var fileName = all.Slice(51 + mediaType.Length, all[50 + mediaType.Length]);
        grant = new DownloadGrant(
            Convert.ToHexStringLower(all.Slice(9, DigestBytes)), Encoding.ASCII.GetString(mediaType),
            Encoding.UTF8.GetString(fileName), string.Empty, expires);
        return DownloadOutcome.Ok;
    }
}
