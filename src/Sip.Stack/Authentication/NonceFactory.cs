using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sip.Stack.Authentication;

/// <summary>When and as which one a nonce was made; names it in the <see cref="NonceCountTable"/>.</summary>
/// <param name="IssuedAtMs">Unix time in milliseconds.</param>
/// <param name="Salt">Random, tells nonces of the same millisecond apart.</param>
public readonly record struct NonceStamp(long IssuedAtMs, ulong Salt);

/// <summary>What is known of a nonce from its own bytes.</summary>
public enum NonceVerdict
{
    /// <summary>Made here (or by a node with the same key) and young enough.</summary>
    Genuine,

    /// <summary>Made here, and too old, or from further in the future than clocks may differ.</summary>
    Expired,

    /// <summary>Not made with this key: forged, or from before a restart.</summary>
    Unknown,
}

/// <summary>Makes nonces that the server recognises without having kept them.</summary>
/// <remarks>
/// A nonce is base64url of 32 bytes: time of issue (8, big endian, Unix milliseconds), salt (8, random), and the first
/// 16 bytes of HMAC-SHA256 over time, salt and realm. Who lacks the key cannot make one, so nothing need be stored
/// for a challenge that is never answered (a flood of requests without credentials costs no memory).
/// </remarks>
public sealed class NonceFactory
{
    private const int StampBytes = 16;
    private const int MacBytes = 16;
    private const int NonceBytes = StampBytes + MacBytes;

    private readonly byte[] _key;
    private readonly byte[] _realm;
    private readonly DigestOptions _options;
    private readonly RandomBytes _random;

    /// <summary>Makes a factory.</summary>
    /// <param name="key">At least 16 bytes. The same on all nodes that share clients; else random at start.</param>
    public NonceFactory(ReadOnlySpan<byte> key, DigestOptions options, RandomBytes random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, 16);
        _key = key.ToArray();
        _realm = Encoding.UTF8.GetBytes(options.Realm);
        _options = options;
        _random = random;
    }

    /// <summary>A new nonce, 43 characters that need no quoting rules.</summary>
    public string Create(DateTimeOffset now)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, now.ToUnixTimeMilliseconds());
        _random(nonce[8..StampBytes]);
        Sign(nonce[..StampBytes], nonce[StampBytes..]);
        return Base64Url.EncodeToString(nonce);
    }

    /// <summary>Reads a nonce back.</summary>
    /// <param name="stamp">Set unless the verdict is <see cref="NonceVerdict.Unknown"/>.</param>
    public NonceVerdict Check(string nonce, DateTimeOffset now, out NonceStamp stamp)
    {
        stamp = default;
        Span<byte> bytes = stackalloc byte[NonceBytes];
        if (nonce.Length != Base64Url.GetEncodedLength(NonceBytes)
            || !Base64Url.IsValid(nonce, out var decodedBytes) || decodedBytes != NonceBytes
            || Base64Url.DecodeFromChars(nonce, bytes) != NonceBytes)
        {
            return NonceVerdict.Unknown;
        }

        Span<byte> mac = stackalloc byte[MacBytes];
        Sign(bytes[..StampBytes], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[StampBytes..])) return NonceVerdict.Unknown;

        var issuedAtMs = BinaryPrimitives.ReadInt64BigEndian(bytes);
        stamp = new NonceStamp(issuedAtMs, BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        var ageMs = now.ToUnixTimeMilliseconds() - issuedAtMs;
        return ageMs > _options.NonceLifetime.TotalMilliseconds || -ageMs > _options.ClockSkewMax.TotalMilliseconds
            ? NonceVerdict.Expired
            : NonceVerdict.Genuine;
    }

    private void Sign(ReadOnlySpan<byte> stamp, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var input = new byte[StampBytes + _realm.Length];
        stamp.CopyTo(input);
        _realm.CopyTo(input, StampBytes);
        HMACSHA256.HashData(_key, input, full);
        full[..MacBytes].CopyTo(mac);
    }
}
