using System.Security.Cryptography;

namespace Sip.Stack.Messages;

/// <summary>
/// Random names: unguessable, so that nobody can answer or end what is not his (RFC 3261 19.3, 26.2).
/// </summary>
public static class SipTokens
{
    /// <summary>A tag with 64 bits of randomness; RFC 3261 19.3 asks for 32.</summary>
    public static string NewTag() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>A Call-ID with 128 bits of randomness.</summary>
    public static string NewCallId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>A branch with the cookie of RFC 3261 and 96 bits of randomness.</summary>
    public static string NewBranch() => ViaHeader.MagicCookie + RandomNumberGenerator.GetHexString(24, lowercase: true);
}
