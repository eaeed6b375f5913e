using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>
/// Credentials or a challenge: Authorization, Proxy-Authorization, WWW-Authenticate, Proxy-Authenticate
/// (RFC 3261 20.7, 20.44; RFC 8760).
/// </summary>
/// <param name="Scheme">As sent; compares without case. "Digest".</param>
/// <param name="Parameters">Values without quotes; empty when the rest has another form (Basic, or unknown).</param>
public sealed record AuthenticationHeader(string Scheme, SipParameters Parameters)
{
    /// <summary>The Digest scheme.</summary>
    public bool IsDigest => Scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase);

    /// <summary>A parameter by its name in any case; null without.</summary>
    public string? this[string name] => Parameters[name];

    /// <summary>Reads one line.</summary>
    /// <returns>
    /// False without a scheme, and for a Digest with a parameter that is malformed or stands twice: which of two user
    /// names was checked would be a matter of luck. Other schemes may have a form of their own (RFC 7235 2.1); what
    /// cannot be read of them is left out.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<byte> value, [NotNullWhen(true)] out AuthenticationHeader? header)
    {
        header = null;
        value = SipLexer.Trim(value);
        var white = value.IndexOfAny(SipLexer.White);
        var scheme = white < 0 ? value : value[..white];
        if (!SipLexer.IsToken(scheme))
        {
            return false;
        }

        var parameters = SipParameters.Empty;
        var isRead = white < 0 || TryReadList(value[white..], out parameters);
        header = new AuthenticationHeader(Encoding.ASCII.GetString(scheme), isRead ? parameters : SipParameters.Empty);
        if (!isRead && header.IsDigest)
        {
            header = null;
        }

        return header is not null;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out AuthenticationHeader?)"/>
    public static bool TryParse(string? value, [NotNullWhen(true)] out AuthenticationHeader? header)
    {
        header = null;
        return value is not null && TryParse(Encoding.UTF8.GetBytes(value), out header);
    }

    private static bool TryReadList(ReadOnlySpan<byte> list, out SipParameters parameters)
    {
        var found = new List<SipParameter>(10);
        parameters = SipParameters.Empty;
        foreach (var item in new SipValueList(list))
        {
            var equals = item.IndexOf((byte)'=');
            if (equals <= 0)
            {
                return false;
            }

            var name = SipLexer.TrimEnd(item[..equals]);
            var value = SipLexer.TrimStart(item[(equals + 1)..]);
            if (!SipLexer.IsToken(name) || !IsValue(value) || found.Count == SipLexer.ParametersMax)
            {
                return false;
            }

            var text = Encoding.ASCII.GetString(name);
            if (found.Exists(p => p.Name.Equals(text, StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }

            var raw = Encoding.UTF8.GetString(value);
            found.Add(new SipParameter(text, SipQuoting.Unquote(raw), $"{text}={raw}"));
        }

        parameters = SipParameters.Of(found);
        return true;
    }

    /// <summary>
    /// A whole quoted-string, or something without quotes and white space (a nonce may hold "/" and "=").
    /// </summary>
    private static bool IsValue(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && (value[0] == '"'
            ? SipLexer.QuotedLength(value) == value.Length
            : value.IndexOfAny(SipLexer.White) < 0 && !value.Contains((byte)'"'));
}
