using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>
/// A sip, sips or tel URI in its parts, or any other URI as scheme and rest (RFC 3261 19.1, RFC 3966). Immutable.
/// </summary>
/// <remarks>
/// <c>==</c> compares what was written; <see cref="IsEquivalentTo"/> compares as RFC 3261 19.1.4 wants it.
/// </remarks>
public sealed record SipUri
{
    /// <summary>Lower case: "sip", "sips", "tel" or another.</summary>
    public required string Scheme { get; init; }

    /// <summary>
    /// The user part, or the number of a tel URI, as it is written: escapes stay. Null when there is none.
    /// </summary>
    public string? UserText { get; init; }

    /// <summary>The user part with its escapes resolved; it may hold any character, NUL included.</summary>
    public string? User
    {
        get => UserText is null ? null : SipUriEscapes.Unescape(UserText);
        init => UserText = value is null ? null : SipUriEscapes.EscapeUser(value);
    }

    /// <summary>The password as it is written. Not to be used (RFC 3261 19.1.1), but kept.</summary>
    public string? Password { get; init; }

    /// <summary>Host name, IPv4 address, or IPv6 reference in its brackets; "" when the scheme has none.</summary>
    public string Host { get; init; } = "";

    /// <summary>1 to 65535; null when it is not written, which is not the same as 5060 (RFC 3261 19.1.4).</summary>
    public int? Port { get; init; }

    /// <summary>The URI parameters.</summary>
    public SipParameters Parameters { get; init; } = SipParameters.Empty;

    /// <summary>
    /// What follows "?", as it is written; null when nothing does. The stack never makes header fields of it: that
    /// would let a URI smuggle a Route (RFC 4475 3.1.2.11).
    /// </summary>
    public string? HeadersText { get; init; }

    /// <summary>What follows the scheme of a URI that is neither sip, sips nor tel.</summary>
    public string? OpaqueText { get; init; }

    /// <summary>sip or sips.</summary>
    public bool IsSip => Scheme is "sip" or "sips";

    /// <summary>sips: only over TLS.</summary>
    public bool IsSecure => Scheme == "sips";

    /// <summary>tel.</summary>
    public bool IsTel => Scheme == "tel";

    /// <summary>The <c>lr</c> parameter is there (RFC 3261 16.12).</summary>
    public bool HasLooseRouting => Parameters.Contains("lr");

    /// <summary>The <c>transport</c> parameter in lower case; null without.</summary>
    public string? TransportParameter => Parameters["transport"]?.ToLowerInvariant();

    /// <summary>The <c>maddr</c> parameter; null without.</summary>
    public string? MAddr => Parameters["maddr"];

    /// <summary>The host without the brackets of an IPv6 reference.</summary>
    public string HostWithoutBrackets => Host.StartsWith('[') ? Host[1..^1] : Host;

    /// <summary>Reads a URI. Nothing may stand around it, not even white space.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = null;
        if (!SipUriView.TryParse(text, out var view))
        {
            return false;
        }

        uri = new SipUri
        {
            Scheme = SchemeOf(view.Scheme),
            UserText = view.HasUser ? Encoding.ASCII.GetString(view.User) : null,
            Password = view.HasPassword ? Encoding.ASCII.GetString(view.Password) : null,
            Host = Encoding.ASCII.GetString(view.Host),
            Port = view.Port < 0 ? null : view.Port,
            Parameters = SipParameters.OfUri(view.Parameters),
            HeadersText = view.Headers.IsEmpty ? null : Encoding.ASCII.GetString(view.Headers),
            OpaqueText = view.Opaque.IsEmpty ? null : Encoding.UTF8.GetString(view.Opaque),
        };
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out SipUri?)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = null;
        return text is not null && TryParse(Encoding.UTF8.GetBytes(text), out uri);
    }

    /// <summary>Reads a URI of the program's own.</summary>
    /// <exception cref="FormatException">It is malformed: not for what comes from outside.</exception>
    public static SipUri Parse(string text) =>
        TryParse(text, out var uri) ? uri : throw new FormatException($"Not a URI: {text}");

    /// <summary>True when both mean the same resource by RFC 3261 19.1.4, or RFC 3966 5 for tel.</summary>
    public bool IsEquivalentTo(SipUri? other) => other is not null && SipUriEquivalence.AreEquivalent(this, other);

    /// <summary>
    /// The URI without parameters, headers and password: scheme, user, host and port as written. What an
    /// address of record or a conference is looked up by.
    /// </summary>
    public SipUri WithoutParameters() =>
        this with { Password = null, Parameters = SipParameters.Empty, HeadersText = null };

    /// <summary>Same text.</summary>
    public bool Equals(SipUri? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scheme, UserText, Host, Port);

    /// <summary>The URI as it is written in a message.</summary>
    public override string ToString()
    {
        if (IsTel)
        {
            return $"tel:{UserText}{Parameters}";
        }

        if (!IsSip)
        {
            return $"{Scheme}:{OpaqueText}";
        }

        var text = new StringBuilder(64).Append(Scheme).Append(':');
        if (UserText is not null)
        {
            text.Append(UserText);
            if (Password is not null)
            {
                text.Append(':').Append(Password);
            }

            text.Append('@');
        }

        text.Append(Host);
        if (Port is { } port)
        {
            text.Append(':').Append(port.ToString(CultureInfo.InvariantCulture));
        }

        text.Append(Parameters);
        return HeadersText is null ? text.ToString() : text.Append('?').Append(HeadersText).ToString();
    }

    private static string SchemeOf(ReadOnlySpan<byte> scheme) => scheme.Length switch
    {
        3 when Ascii.EqualsIgnoreCase(scheme, "sip"u8) => "sip",
        3 when Ascii.EqualsIgnoreCase(scheme, "tel"u8) => "tel",
        4 when Ascii.EqualsIgnoreCase(scheme, "sips"u8) => "sips",
        _ => Encoding.ASCII.GetString(scheme).ToLowerInvariant(),
    };
}
