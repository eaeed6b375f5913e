using System.Text;

namespace Sip.Stack.Messages;

/// <summary>One Via value cut where it stands: <c>SIP/2.0/UDP host:port;branch=...</c> (RFC 3261 20.42).</summary>
internal ref struct ViaView
{
    internal ReadOnlySpan<byte> Transport;
    internal ReadOnlySpan<byte> Host;
    internal int Port;

    /// <summary>Empty, or ";" and what follows.</summary>
    internal ReadOnlySpan<byte> Parameters;

    /// <summary>Cuts one value: white space round the slashes and the colon is allowed.</summary>
    /// <param name="value">One value, without the comma.</param>
    /// <param name="via">The parts.</param>
    /// <param name="isLenient">
    /// Take any version and any parameters, so that a malformed request can be answered at all.
    /// </param>
    internal static bool TryParse(ReadOnlySpan<byte> value, out ViaView via, bool isLenient = false)
    {
        via = default;
        var rest = SipLexer.TrimStart(value);
        if (!TryTakeSlash(ref rest, out var name) || !TryTakeSlash(ref rest, out var version)
            || !Ascii.EqualsIgnoreCase(name, "SIP"u8) || (!isLenient && !version.SequenceEqual("2.0"u8)))
        {
            return false;
        }

        var length = rest.IndexOfAnyExcept(SipLexer.Token);
        if (length <= 0 || !SipLexer.IsWhite(rest[length]))
        {
            return false;
        }

        via.Transport = rest[..length];
        rest = SipLexer.TrimStart(rest[length..]);
        var semicolon = rest.IndexOf((byte)';');
        via.Parameters = semicolon < 0 ? default : rest[semicolon..];
        return SipUriView.TryReadHostPort(
                SipLexer.TrimEnd(semicolon < 0 ? rest : rest[..semicolon]), out via.Host, out via.Port)
            && (isLenient || ParameterScanner.IsValid(via.Parameters, "branch"u8, "received"u8));
    }

    private static bool TryTakeSlash(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> part)
    {
        var slash = rest.IndexOf((byte)'/');
        if (slash < 0)
        {
            part = default;
            return false;
        }

        part = SipLexer.TrimEnd(rest[..slash]);
        rest = SipLexer.TrimStart(rest[(slash + 1)..]);
        return true;
    }
}
