using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Sip.Stack.Authentication;

/// <summary>The digest computation of RFC 7616 3.4.1, for SIP as RFC 3261 22.4 and RFC 8760 narrow it.</summary>
/// <remarks>Every result is lower-case hexadecimal: 32 characters for MD5, 64 for SHA-256.</remarks>
public static class DigestHash
{
    /// <summary>H(A1): the secret that a server keeps instead of the password.</summary>
    /// <param name="user">The user name exactly as the client sends it in <c>username</c>.</param>
    public static string Ha1(DigestAlgorithm algorithm, string user, string realm, string password) =>
        Hash(algorithm, $"{user}:{realm}:{password}");

    /// <summary>The <c>response</c> parameter of a request.</summary>
    /// <param name="ha1">From <see cref="Ha1"/>, of the same algorithm.</param>
    /// <param name="uri">The <c>uri</c> parameter as sent, not the Request-URI.</param>
    /// <param name="qop">Null for a challenge without qop (RFC 2069), else <c>auth</c>.</param>
    /// <param name="nonceCount">The <c>nc</c> parameter as sent, eight hexadecimal digits; unused without qop.</param>
    public static string Response(
        DigestAlgorithm algorithm, string ha1, string method, string uri, string nonce, string? qop,
        string? nonceCount, string? clientNonce)
    {
        var ha2 = Hash(algorithm, $"{method}:{uri}");
        return qop is null
            ? Hash(algorithm, $"{ha1}:{nonce}:{ha2}")
            : Hash(algorithm, $"{ha1}:{nonce}:{nonceCount}:{clientNonce}:{qop}:{ha2}");
    }

    private static string Hash(DigestAlgorithm algorithm, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return algorithm switch
        {
#pragma warning disable CA5351 // MD5 is what RFC 3261 22.4 asks; SHA-256 is offered before it.
            DigestAlgorithm.Md5 => Convert.ToHexStringLower(MD5.HashData(bytes)),
#pragma warning restore CA5351
            DigestAlgorithm.Sha256 => Convert.ToHexStringLower(SHA256.HashData(bytes)),
            _ => throw new UnreachableException($"No hash for {algorithm}"),
        };
    }
}
