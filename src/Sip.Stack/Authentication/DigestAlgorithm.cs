using System.Diagnostics;

namespace Sip.Stack.Authentication;

/// <summary>The digest algorithms that are known here, in order of strength (RFC 8760 2.1).</summary>
public enum DigestAlgorithm : byte
{
    /// <summary>Needed by most phones in the field (RFC 3261 22.4).</summary>
    Md5 = 1,

    /// <summary>RFC 8760; offered first.</summary>
    Sha256 = 2,
}

/// <summary>Names and sizes of the digest algorithms.</summary>
public static class DigestAlgorithms
{
    /// <summary>The token of the <c>algorithm</c> parameter.</summary>
    public static string Token(this DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => "MD5",
        DigestAlgorithm.Sha256 => "SHA-256",
        _ => throw new UnreachableException($"No token for {algorithm}"),
    };

    /// <summary>Reads the <c>algorithm</c> parameter; absent means MD5 (RFC 7616 3.3).</summary>
    /// <returns>False for an algorithm that is not known, the <c>-sess</c> forms among them.</returns>
    public static bool TryParse(string? token, out DigestAlgorithm algorithm)
    {
        algorithm = DigestAlgorithm.Md5;
        if (token is null || token.Equals("MD5", StringComparison.OrdinalIgnoreCase)) return true;
        algorithm = DigestAlgorithm.Sha256;
        return token.Equals("SHA-256", StringComparison.OrdinalIgnoreCase);
    }
}
