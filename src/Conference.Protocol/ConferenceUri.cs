namespace Conference.Protocol;

/// <summary>The address of one conference focus (RFC 4579 3), in canonical form: scheme <c>sip:</c>, user part as
/// given, host in lower case, no port, no parameters, no headers.</summary>
/// <remarks>The user part is compared with case (RFC 3261 19.1.4), so the server gives out lower-case ones only.
/// </remarks>
public readonly record struct ConferenceUri
{
    private readonly string? _value;

    private ConferenceUri(string value) => _value = value;

    /// <summary>The canonical text, for example <c>sip:conf-7f3a@conf.example.org</c>.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Reads a SIP or SIPS URI in any form and keeps what identifies the conference.</summary>
    /// <param name="text">A URI such as <c>sips:conf-1@CONF.example:5061;gr=x?Subject=y</c>.</param>
    /// <param name="uri">The canonical form.</param>
    /// <returns>False when the text is no sip or sips URI with a user part.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ConferenceUri uri)
    {
        var known = UriCanon.TryCanonical(text, allowTel: false, out var canonical);
        uri = known ? new ConferenceUri(canonical!) : default;
        return known;
    }

    /// <summary>As <see cref="TryParse"/>, for text that the program itself made or has checked.</summary>
    /// <exception cref="FormatException">The text is no sip or sips URI with a user part.</exception>
    public static ConferenceUri Parse(string text) =>
        TryParse(text, out var uri) ? uri : throw new FormatException($"'{text}' is not a conference URI.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
