namespace Sip.Stack.Messages;

/// <summary>
/// name-addr or addr-spec with header parameters, cut where it stands. RFC 3261 20.10: without angle brackets
/// everything behind the first ";" belongs to the header, and the URI may hold neither "," nor "?".
/// </summary>
internal ref struct NameAddressView
{
    /// <summary>The display name, with its quotes if it had any; empty when there is none.</summary>
    internal ReadOnlySpan<byte> Display;
    internal ReadOnlySpan<byte> Uri;

    /// <summary>Empty, or ";" and what follows.</summary>
    internal ReadOnlySpan<byte> Parameters;

    /// <summary>Cuts one value. The parts are not checked but for the form of display name and brackets.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> value, out NameAddressView address)
    {
        address = default;
        value = SipLexer.Trim(value);
        if (value.IsEmpty)
        {
            return false;
        }

        if (value[0] == '"')
        {
            var length = SipLexer.QuotedLength(value);
            if (length < 0)
            {
                return false;
            }

            address.Display = value[..length];
            value = SipLexer.TrimStart(value[length..]);
            return !value.IsEmpty && value[0] == '<' && address.ReadBrackets(value);
        }

        var open = value.IndexOf((byte)'<');
        if (open >= 0 && IsDisplay(value[..open]))
        {
            address.Display = SipLexer.TrimEnd(value[..open]);
            return address.ReadBrackets(value[open..]);
        }

        return address.ReadBare(value);
    }

    /// <summary>Cuts one value and checks URI and parameters; "tag" may stand once.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> value) =>
        TryParse(value, out var address)
        && SipUriView.TryParse(address.Uri, out _)
        && ParameterScanner.IsValid(address.Parameters, "tag"u8);

    private bool ReadBrackets(ReadOnlySpan<byte> value)
    {
        var close = value.IndexOf((byte)'>');
        if (close < 0)
        {
            return false;
        }

        Uri = value[1..close];
        Parameters = SipLexer.TrimStart(value[(close + 1)..]);
        return Parameters.IsEmpty || Parameters[0] == ';';
    }

    private bool ReadBare(ReadOnlySpan<byte> value)
    {
        var semicolon = value.IndexOf((byte)';');
        Uri = SipLexer.TrimEnd(semicolon < 0 ? value : value[..semicolon]);
        Parameters = semicolon < 0 ? default : value[semicolon..];
        return !Uri.ContainsAny((byte)',', (byte)'?');
    }

    // *( token LWS ), or bytes of UTF-8, which the grammar wants in quotes and many senders leave without.
    private static bool IsDisplay(ReadOnlySpan<byte> text)
    {
        foreach (var octet in text)
        {
            if (octet < 0x80 && !SipLexer.IsWhite(octet) && !SipLexer.Token.Contains(octet))
            {
                return false;
            }
        }

        return true;
    }
}
