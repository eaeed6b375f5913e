using System.Buffers;
using System.Net;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>A URI cut into its parts where it stands, checked, without allocation. RFC 3261 19.1.1, RFC 3966.</summary>
internal ref struct SipUriView
{
    private const string Unreserved =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()%";

    private static readonly SearchValues<byte> SchemeLetters =
        SipLexer.Of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    // "#" is none of the grammar's letters, but dialled numbers have it.
    private static readonly SearchValues<byte> UserLetters = SipLexer.Of(Unreserved + "&=+$,;?/#");
    private static readonly SearchValues<byte> PasswordLetters = SipLexer.Of(Unreserved + "&=+$,:");
    private static readonly SearchValues<byte> ParameterLetters = SipLexer.Of(Unreserved + "[]/:&+$=;");
    private static readonly SearchValues<byte> HeaderLetters = SipLexer.Of(Unreserved + "[]/?:+$&=,;@");
    private static readonly SearchValues<byte> PhoneLetters = SipLexer.Of("0123456789abcdefABCDEF*#-.()+");

    internal ReadOnlySpan<byte> Scheme;
    internal ReadOnlySpan<byte> User;
    internal ReadOnlySpan<byte> Password;
    internal ReadOnlySpan<byte> Host;
    internal int Port;
    internal ReadOnlySpan<byte> Parameters;
    internal ReadOnlySpan<byte> Headers;

    /// <summary>What follows the scheme of a URI that is neither sip, sips nor tel.</summary>
    internal ReadOnlySpan<byte> Opaque;
    internal bool HasUser;
    internal bool HasPassword;

    /// <summary>sip or sips.</summary>
    internal bool IsSip;
    internal bool IsTel;

    /// <summary>Reads a URI that fills the whole span.</summary>
    /// <returns>False when it is malformed. A scheme that nobody knows is not: its rest is opaque.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, out SipUriView uri)
    {
        uri = default;
        uri.Port = -1;
        var colon = text.IndexOf((byte)':');
        if (colon <= 0 || colon + 1 == text.Length || !char.IsAsciiLetter((char)text[0])
            || text[..colon].ContainsAnyExcept(SchemeLetters))
        {
            return false;
        }

        uri.Scheme = text[..colon];
        var rest = text[(colon + 1)..];
        if (Ascii.EqualsIgnoreCase(uri.Scheme, "sip"u8) || Ascii.EqualsIgnoreCase(uri.Scheme, "sips"u8))
        {
            uri.IsSip = true;
            return uri.ReadSip(rest);
        }

        if (Ascii.EqualsIgnoreCase(uri.Scheme, "tel"u8))
        {
            uri.IsTel = true;
            return uri.ReadTel(rest);
        }

        uri.Opaque = rest;
        foreach (var octet in rest)
        {
            if (octet is <= (byte)' ' or 0x7f or (byte)'<' or (byte)'>' or (byte)'"')
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadSip(ReadOnlySpan<byte> rest)
    {
        var at = rest.IndexOf((byte)'@');
        if (at >= 0)
        {
            HasUser = true;
            User = rest[..at];
            rest = rest[(at + 1)..];
            var colon = User.IndexOf((byte)':');

            // A ":" in the user part separates the password, as the grammar has no ":" in user.
            if (colon >= 0)
            {
                HasPassword = true;
                Password = User[(colon + 1)..];
                User = User[..colon];
            }

            if (User.IsEmpty || !IsEscaped(User, UserLetters) || !IsEscaped(Password, PasswordLetters))
            {
                return false;
            }
        }

        var question = rest.IndexOf((byte)'?');
        if (question >= 0)
        {
            Headers = rest[(question + 1)..];
            rest = rest[..question];
            if (Headers.IsEmpty || !IsEscaped(Headers, HeaderLetters))
            {
                return false;
            }
        }

        var semicolon = rest.IndexOf((byte)';');
        if (semicolon >= 0)
        {
            Parameters = rest[semicolon..];
            rest = rest[..semicolon];
            if (!AreParameters(Parameters))
            {
                return false;
            }
        }

        return !rest.ContainsAny(SipLexer.White) && TryReadHostPort(rest, out Host, out Port);
    }

    private bool ReadTel(ReadOnlySpan<byte> rest)
    {
        var semicolon = rest.IndexOf((byte)';');
        if (semicolon >= 0)
        {
            Parameters = rest[semicolon..];
            rest = rest[..semicolon];
        }

        User = rest;
        HasUser = true;
        return !rest.IsEmpty && !rest.ContainsAnyExcept(PhoneLetters) && rest.LastIndexOf((byte)'+') <= 0
            && AreParameters(Parameters);
    }

    /// <summary>
    /// Reads <c>host[:port]</c>; the port is -1 when there is none. White space round the colon is let through, as Via
    /// allows it there.
    /// </summary>
    internal static bool TryReadHostPort(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out int port)
    {
        port = -1;
        host = default;
        int colon;
        if (!text.IsEmpty && text[0] == '[')
        {
            var close = text.IndexOf((byte)']');
            if (close < 0 || text[1..close].ContainsAnyExcept(SipLexer.Ipv6) || !IPAddress.IsValidUtf8(text[1..close]))
            {
                return false;
            }

            host = text[..(close + 1)];
            text = SipLexer.TrimStart(text[(close + 1)..]);
            if (text.IsEmpty)
            {
                return true;
            }

            colon = text[0] == ':' ? 0 : -1;
            if (colon < 0)
            {
                return false;
            }
        }
        else
        {
            colon = text.IndexOf((byte)':');
            host = SipLexer.TrimEnd(colon < 0 ? text : text[..colon]);
            if (host.IsEmpty || host.ContainsAnyExcept(SipLexer.HostName))
            {
                return false;
            }

            if (colon < 0)
            {
                return true;
            }
        }

        if (!SipLexer.TryReadNumber(SipLexer.TrimStart(text[(colon + 1)..]), out var number, out _)
            || number is 0 or > 65535)
        {
            return false;
        }

        port = (int)number;
        return true;
    }

    private static bool AreParameters(ReadOnlySpan<byte> parameters)
    {
        if (!IsEscaped(parameters, ParameterLetters))
        {
            return false;
        }

        var count = 0;
        while (!parameters.IsEmpty)
        {
            if (++count > SipLexer.ParametersMax)
            {
                return false;
            }

            parameters = parameters[1..];
            var next = parameters.IndexOf((byte)';');
            var one = next < 0 ? parameters : parameters[..next];
            if (one.IsEmpty || one[0] == '=')
            {
                return false;
            }

            parameters = next < 0 ? default : parameters[next..];
        }

        return true;
    }

    private static bool IsEscaped(ReadOnlySpan<byte> text, SearchValues<byte> letters)
    {
        if (text.ContainsAnyExcept(letters))
        {
            return false;
        }

        for (var at = text.IndexOf((byte)'%'); at >= 0;)
        {
            if (at + 2 >= text.Length || SipLexer.HexValue(text[at + 1]) < 0 || SipLexer.HexValue(text[at + 2]) < 0)
            {
                return false;
            }

            var next = text[(at + 3)..].IndexOf((byte)'%');
            at = next < 0 ? -1 : at + 3 + next;
        }

        return true;
    }
}
