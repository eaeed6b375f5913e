namespace Conference.Protocol;

/// <summary>The public identity of one member (RFC 3261 6, address-of-record; TS 24.229 IMPU), in canonical form.
/// </summary>
/// <remarks>sip and sips URIs lose port, parameters and headers and get a lower-case host; tel URIs lose visual
/// separators and parameters (RFC 3966 5.1.1).</remarks>
public readonly record struct ParticipantUri
{
    private readonly string? _value;

    private ParticipantUri(string value) => _value = value;

    /// <summary>The canonical text, for example <c>sip:alice@example.org</c> or <c>tel:+15550001</c>.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Reads a sip, sips or tel URI in any form.</summary>
    /// <param name="text">For example <c>SIP:alice@Example.org:5060;transport=tcp</c> or <c>tel:+1-555-0001</c>.
    /// </param>
    /// <param name="uri">The canonical form.</param>
    /// <returns>False when the text is none of the three or has no user part.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ParticipantUri uri)
    {
        var known = UriCanon.TryCanonical(text, allowTel: true, out var canonical);
        uri = known ? new ParticipantUri(canonical!) : default;
        return known;
    }

    /// <summary>As <see cref="TryParse"/>, for text that the program itself made or has checked.</summary>
    /// <exception cref="FormatException">The text is no sip, sips or tel URI.</exception>
    public static ParticipantUri Parse(string text) =>
        TryParse(text, out var uri) ? uri : throw new FormatException($"'{text}' is not a participant URI.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
