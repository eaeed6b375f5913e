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

    /// <summary>
    /// Reads one line. False when there is no scheme, or when a parameter stands twice: which of two user names was
    /// checked would be a matter of luck.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out AuthenticationHeader? header)
    {
        header = null;
        var white = value.IndexOfAny(SipLexer.White);
        var scheme = white < 0 ? value : value[..white];
        if (!SipLexer.IsToken(scheme))
        {
            return false;
        }

        var parameters = SipParameters.Empty;
        if (white >= 0 && !TryReadList(value[white..], out parameters))
        {
            return false;
        }

        header = new AuthenticationHeader(Encoding.ASCII.GetString(scheme), parameters);
        return true;
    }

    private static bool TryReadList(ReadOnlySpan<byte> list, out SipParameters parameters)
    {
        var found = new List<SipParameter>(10);
        parameters = SipParameters.Empty;
        foreach (var item in new SipValueList(list))
        {
            var equals = item.IndexOf((byte)'=');
            if (equals <= 0 || !SipLexer.IsToken(SipLexer.TrimEnd(item[..equals])))
            {
                continue;
            }

            var name = Encoding.ASCII.GetString(SipLexer.TrimEnd(item[..equals]));
            var raw = Encoding.UTF8.GetString(SipLexer.TrimStart(item[(equals + 1)..]));
            if (found.Count == SipLexer.ParametersMax
                || found.Exists(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }

            found.Add(new SipParameter(name, SipQuoting.Unquote(raw), $"{name}={raw}"));
        }

        parameters = SipParameters.Of(found);
        return true;
    }
}
