using System.Text;

namespace Sip.Stack.Authentication;

/// <summary>One challenge or one set of credentials: a scheme and its parameters (RFC 3261 25.1).</summary>
/// <remarks>
/// Reads the value of Authorization, Proxy-Authorization, WWW-Authenticate and Proxy-Authenticate. These values
/// hold commas, so they are the exception to "several values a line" (RFC 3261 7.3.1): one line, one value.
/// </remarks>
public sealed class AuthenticationValue
{
    private const int ParametersMax = 32;
    private readonly Dictionary<string, string> _parameters;

    private AuthenticationValue(string scheme, Dictionary<string, string> parameters)
    {
        Scheme = scheme;
        _parameters = parameters;
    }

    /// <summary>The scheme as written; compare without regard to case.</summary>
    public string Scheme { get; }

    /// <summary>True for the one scheme that is known here.</summary>
    public bool IsDigest => Scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase);

    /// <summary>A parameter without its quotes and escapes; null when absent.</summary>
    public string? this[string name] => _parameters.GetValueOrDefault(name);

    /// <summary>Reads one header value.</summary>
    /// <returns>
    /// False when the value cannot be read: no scheme, a parameter without value, an open quote, the same parameter
    /// twice (two readers could then use different ones), or more than 32 parameters. A scheme other than Digest may
    /// carry a bare token (RFC 7235 2.1) and is read as having no parameters.
    /// </returns>
    public static bool TryParse(string text, out AuthenticationValue? value)
    {
        value = null;
        var at = SkipBlanks(text, 0);
        var scheme = ReadToken(text, ref at);
        if (scheme.Length == 0 || (at < text.Length && !IsBlank(text[at]))) return false;

        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var read = TryReadParameters(text, at, parameters);
        if (!read && scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase)) return false;
        if (!read) parameters.Clear();
        value = new AuthenticationValue(scheme, parameters);
        return true;
    }

    private static bool TryReadParameters(string text, int at, Dictionary<string, string> parameters)
    {
        while (true)
        {
            at = SkipBlanks(text, at);
            if (at == text.Length) return true;
            if (text[at] == ',')
            {
                at++; // An empty list element is allowed (RFC 7230 7).
                continue;
            }

            var name = ReadToken(text, ref at);
            at = SkipBlanks(text, at);
            if (name.Length == 0 || at == text.Length || text[at] != '=') return false;
            at = SkipBlanks(text, at + 1);
            if (at == text.Length || !TryReadValue(text, ref at, out var parameter)) return false;
            if (parameters.Count == ParametersMax || !parameters.TryAdd(name, parameter)) return false;
            at = SkipBlanks(text, at);
            if (at < text.Length && text[at] != ',') return false;
        }
    }

    private static bool TryReadValue(string text, ref int at, out string value)
    {
        if (text[at] != '"')
        {
            var start = at;
            while (at < text.Length && text[at] != ',' && !IsBlank(text[at])) at++;
            value = text[start..at];
            return value.Length > 0;
        }

        var unquoted = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                value = unquoted.ToString();
                return true;
            }

            if (text[at] == '\\' && ++at == text.Length) break;
            unquoted.Append(text[at]);
        }

        value = string.Empty;
        return false;
    }

    private static string ReadToken(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || "-.!%*_+`'~".Contains(text[at]))) at++;
        return text[start..at];
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && IsBlank(text[at])) at++;
        return at;
    }

    private static bool IsBlank(char character) => character is ' ' or '\t' or '\r' or '\n';

    /// <summary>Writes a quoted-string (RFC 3261 25.1).</summary>
    internal static string Quote(string text) =>
        text.AsSpan().IndexOfAny('"', '\\') < 0
            ? $"\"{text}\""
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
