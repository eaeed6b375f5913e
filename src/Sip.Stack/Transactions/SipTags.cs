using System.Buffers.Text;
using System.Security.Cryptography;
using Sip.Stack.Messages;

namespace Sip.Stack.Transactions;

/// <summary>Tags and branches.</summary>
internal static class SipTags
{
    /// <summary>At least 32 random bits (RFC 3261 19.3); here 72, in 12 characters that are safe in a token.</summary>
    internal static string New()
    {
        Span<byte> random = stackalloc byte[9];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    /// <summary>A branch with the cookie (RFC 3261 8.1.1.7).</summary>
    internal static string NewBranch() => ViaHeader.MagicCookie + New();
}
