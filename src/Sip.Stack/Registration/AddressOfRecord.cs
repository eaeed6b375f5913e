using System.Diagnostics.CodeAnalysis;
using Sip.Stack.Messages;

namespace Sip.Stack.Registration;

/// <summary>Brings the URI in To to the one spelling that is the key of its bindings (RFC 3261 10.3, step 5).</summary>
/// <remarks>
/// <c>sip:</c> (for sips too), the user with escapes undone where they need not be, <c>@</c>, the host in lower case;
/// no password, port, parameters or headers. The user is compared with case (RFC 3261 19.1.4).
/// </remarks>
public static class AddressOfRecord
{
    /// <summary>Reads an address-of-record.</summary>
    /// <returns>False unless the URI is sip or sips and has a user.</returns>
    public static bool TryGet(SipUri? uri, [NotNullWhen(true)] out string? addressOfRecord)
    {
        addressOfRecord = null;
        if (uri is not { IsSip: true, User.Length: > 0, Host.Length: > 0 }) return false;
        var canonical = new SipUri { Scheme = "sip", User = uri.User, Host = uri.Host.ToLowerInvariant() };
        addressOfRecord = canonical.ToString();
        return true;
    }

    /// <summary>Reads a public identity of IMS: an address-of-record, or a tel URI without visual separators.</summary>
    public static bool TryGetIdentity(SipUri? uri, [NotNullWhen(true)] out string? identity)
    {
        if (uri is not { IsTel: true, UserText: { Length: > 0 } number }) return TryGet(uri, out identity);
        identity = "tel:" + string.Concat(number.Where(character => !"-.()".Contains(character))); // RFC 3966 5.1.1
        return true;
    }
}
