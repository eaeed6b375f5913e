using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Transactions;

/// <summary>Tags and branches.</summary>
internal static class SipTags
{
    // Not to be foreseen from outside, and another one after each start.
    private static readonly byte[] StatelessKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>At least 32 random bits (RFC 3261 19.3); here 72, in 12 characters that are safe in a token.</summary>
    internal static string New()
    {
        Span<byte> random = stackalloc byte[9];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    /// <summary>A branch with the cookie (RFC 3261 8.1.1.7).</summary>
    internal static string NewBranch() => ViaHeader.MagicCookie + New();

    /// <summary>The same tag for every copy of one request (RFC 3261 8.2.7).</summary>
    internal static string Stateless(SipRequest request)
    {
        var text = $"{request.TopVia?.Branch}\n{request.CallId}\n{request.CSeq?.Number}\n{request.From?.Tag}";
        var hash = HMACSHA256.HashData(StatelessKey, Encoding.UTF8.GetBytes(text));
        return Base64Url.EncodeToString(hash.AsSpan(0, 9));
    }
}
