namespace Sip.Stack.Messages;

/// <summary>When two URIs mean the same. Pure.</summary>
internal static class SipUriEquivalence
{
    // RFC 3261 19.1.4: these must match also when only one URI has them. "transport" and "maddr" are among them
    // because the examples there and the rule for maddr say so.
    private static readonly string[] MustMatch = ["user", "ttl", "method", "maddr", "transport"];

    internal static bool AreEquivalent(SipUri left, SipUri right)
    {
        if (left.Scheme != right.Scheme)
        {
            return false;
        }

        if (left.IsTel)
        {
            return AreSameNumber(left, right);
        }

        if (!left.IsSip)
        {
            return string.Equals(left.OpaqueText, right.OpaqueText, StringComparison.Ordinal);
        }

        // User and password with case, the rest without; port 5060 is not the same as no port.
        return SameCanonical(left.UserText, right.UserText, StringComparison.Ordinal)
            && SameCanonical(left.Password, right.Password, StringComparison.Ordinal)
            && string.Equals(left.Host, right.Host, StringComparison.OrdinalIgnoreCase)
            && left.Port == right.Port
            && AreSameParameters(left.Parameters, right.Parameters)
            && AreSameHeaders(left.HeadersText, right.HeadersText);
    }

    private static bool SameCanonical(string? left, string? right, StringComparison comparison) =>
        (left is null) == (right is null)
        && string.Equals(SipUriEscapes.Canonical(left ?? ""), SipUriEscapes.Canonical(right ?? ""), comparison);

    private static bool AreSameParameters(SipParameters left, SipParameters right)
    {
        foreach (var name in MustMatch)
        {
            if (left.Contains(name) != right.Contains(name))
            {
                return false;
            }
        }

        foreach (var parameter in left)
        {
            // What only one of them has is ignored. Of a name that stands twice, which it must not, the first counts.
            if (right.TryGet(parameter.Name, out var value)
                && !string.Equals(left[parameter.Name], value, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    // Never ignored, in any order; names without case.
    private static bool AreSameHeaders(string? left, string? right)
    {
        if (left is null || right is null)
        {
            return left is null && right is null;
        }

        return Normal(left).SequenceEqual(Normal(right), StringComparer.Ordinal);

        static IEnumerable<string> Normal(string headers) =>
            headers.Split('&').Select(NormalHeader).Order(StringComparer.Ordinal);
    }

    private static string NormalHeader(string header)
    {
        var equals = header.IndexOf('=', StringComparison.Ordinal);
        var name = SipUriEscapes.Unescape(equals < 0 ? header : header[..equals]).ToLowerInvariant();
        return equals < 0 ? name : name + "=" + SipUriEscapes.Unescape(header[(equals + 1)..]);
    }

    // RFC 3966 5: visual separators do not count; every parameter does, in any order.
    private static bool AreSameNumber(SipUri left, SipUri right) =>
        string.Equals(Digits(left.UserText!), Digits(right.UserText!), StringComparison.OrdinalIgnoreCase)
        && left.Parameters.Count == right.Parameters.Count
        && left.Parameters.All(p =>
            right.Parameters.TryGet(p.Name, out var value) && AreSameTelValue(left.Parameters[p.Name], value));

    private static bool AreSameTelValue(string? left, string? right) =>
        string.Equals(
            left is null ? null : Digits(left),
            right is null ? null : Digits(right),
            StringComparison.OrdinalIgnoreCase);

    // A phone-context may be a domain name, whose dots count; a number's separators do not.
    private static string Digits(string text) =>
        text.Any(char.IsAsciiLetter)
            ? text
            : string.Concat(text.Where(c => c is not ('-' or '.' or '(' or ')')));
}
