using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;

namespace Conference.Protocol.Xml;

/// <content>Values of attributes. Each has one form and one range; the fault names both.</content>
internal sealed partial class BodyReader
{
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>XML Schema part 2, 2.5.1.2: items of a list are separated by white space. A plain line break in an
    /// attribute is a space to XmlReader; one written as a reference is not.</summary>
    internal static readonly char[] ListSeparators = [' ', '\t', '\n', '\r'];

    private const int IdLengthMax = 64;
    private const int HrefLengthMax = 2_048;

    /// <summary>Null when the attribute is absent.</summary>
    internal string? Optional(string name) => Fault is null ? _xml.GetAttribute(name) : null;

    internal bool Has(string name) => Optional(name) is not null;

    /// <summary>Null, with a fault, when the attribute is absent.</summary>
    internal string? Required(string name)
    {
        var value = Optional(name);
        if (value is null) Fail(ReadFaultReason.MissingAttribute, $"Attribute {name} is missing");
        return value;
    }

    internal string Id(string name)
    {
        var value = Required(name);
        if (value is null) return string.Empty;
        if (IsId(value)) return value;
        Bad(name, "must be 1 to 64 characters of A-Z a-z 0-9 . _ -");
        return string.Empty;
    }

    /// <summary>An id, or empty when the attribute is absent.</summary>
    internal string IdOrEmpty(string name) => Has(name) ? Id(name) : string.Empty;

    /// <summary>One id or more, separated by white space.</summary>
    internal ImmutableArray<string> Ids(string name)
    {
        if (Required(name) is not { } value) return [];
        ImmutableArray<string> ids = [.. value.Split(ListSeparators, StringSplitOptions.RemoveEmptyEntries)];
        if (ids.IsEmpty || !ids.All(IsId)) Bad(name, "must be ids of 1 to 64 characters of A-Z a-z 0-9 . _ -");
        return ids;
    }

    /// <summary>A line of text for people: no control characters, so that it can go into any header, log or file.
    /// </summary>
    internal string Line(string name) => Required(name) is { } value ? CheckLine(name, value) : string.Empty;

    internal string? LineOrNull(string name) => Optional(name) is { } value ? CheckLine(name, value) : null;

    internal int Int(string name, int min, int max) => (int)Long(name, min, max);

    internal int Int(string name, int min, int max, int absent) => Has(name) ? (int)Long(name, min, max) : absent;

    /// <summary>Decimal digits with an optional minus sign, nothing else: no plus, blanks, dots or exponents.</summary>
    internal long Long(string name, long min, long max)
    {
        var value = Required(name);
        if (value is null) return min;
        if (TryNumber(value, out var number) && number >= min && number <= max) return number;
        Bad(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
        return min;
    }

    /// <summary>False when the attribute is absent.</summary>
    internal bool Flag(string name)
    {
        switch (Optional(name))
        {
            case null or "false" or "0":
                return false;
            case "true" or "1":
                return true;
            default:
                Bad(name, "must be true or false");
                return false;
        }
    }

    internal string Digest(string name)
    {
        var value = Required(name);
        if (value is null) return string.Empty;
        if (!ContentDigest.IsDigest(value)) Bad(name, "must be 64 lower-case hexadecimal digits");
        return value;
    }

    internal DateTimeOffset Time(string name)
    {
        var value = Required(name);
        if (value is null) return default;
        if (DateTimeOffset.TryParseExact(
            value, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        Bad(name, "must be a time such as 2026-11-23T00:13:09.123Z");
        return default;
    }

    internal string PictureType(string name)
    {
        var value = Required(name);
        if (value is not (null or MediaTypes.Png or MediaTypes.Jpeg)) Bad(name, "must be image/png or image/jpeg");
        return value ?? string.Empty;
    }

    internal string? Href(string name)
    {
        if (Optional(name) is not { } value) return null;
        var isUri = value.Length <= HrefLengthMax && Uri.TryCreate(value, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https";
        if (!isUri) Bad(name, "must be an http or https URI of at most 2048 characters");
        return value;
    }

    internal ConferenceUri Conference(string name)
    {
        if (Required(name) is not { } value) return default;
        if (!ConferenceUri.TryParse(value, out var uri)) Bad(name, "must be a sip URI");
        return uri;
    }

    internal ParticipantUri Participant(string name)
    {
        if (Required(name) is not { } value) return default;
        if (!ParticipantUri.TryParse(value, out var uri)) Bad(name, "must be a sip or tel URI");
        return uri;
    }

    internal Rights Rights(string name) => Required(name) is { } words ? CheckRights(name, words) : default;

    internal Rights Rights(string name, Rights absent) =>
        Optional(name) is { } words ? CheckRights(name, words) : absent;

    internal Role Role(string name)
    {
        if (Required(name) is not { } word) return default;
        if (Words.ToRole(word) is { } role) return role;
        Bad(name, "must be observer, participant, presenter or chair");
        return default;
    }

    internal T Word<T>(string name, Func<string, T?> known)
        where T : struct
    {
        if (Required(name) is not { } word) return default;
        if (known(word) is { } value) return value;
        Bad(name, "is a word that this version does not know");
        return default;
    }

    /// <summary>#RRGGBB or #RRGGBBAA.</summary>
    internal uint Color(string name, uint absent)
    {
        if (Optional(name) is not { } value) return absent;
        var digits = value.AsSpan(value.StartsWith('#') ? 1 : 0);
        if (digits.Length < value.Length && digits.Length is 6 or 8
            && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var color))
        {
            return digits.Length == 6 ? (color << 8) | 0xFF : color;
        }

        Bad(name, "must be a colour such as #ff0000 or #ff000080");
        return absent;
    }

    /// <summary>One point; anywhere, so that the conference can say which mark lies outside its page.</summary>
    internal PagePoint? PointOrNull(string name)
    {
        if (!Has(name)) return null;
        var points = Points(name);
        if (points.Length == 1) return points[0];
        Fail(ReadFaultReason.WrongPointCount);
        return null;
    }

    internal ImmutableArray<PagePoint> Points(string name)
    {
        if (Required(name) is not { } value) return [];
        var points = ImmutableArray.CreateBuilder<PagePoint>(Math.Min(Limits.PointsPerMarkMax, (value.Length / 4) + 1));
        foreach (var range in value.AsSpan().SplitAny(ListSeparators))
        {
            var pair = value.AsSpan(range);
            if (pair.IsEmpty) continue;
            var comma = pair.IndexOf(',');
            if (comma < 0 || !TryCoordinate(pair[..comma], out var x) || !TryCoordinate(pair[(comma + 1)..], out var y))
            {
                Bad(name, "must be whole numbers such as 0,0 100000,100000");
                return [];
            }

            if (points.Count >= Limits.PointsPerMarkMax)
            {
                Fail(ReadFaultReason.TooManyPoints);
                return [];
            }

            points.Add(new PagePoint(x, y));
        }

        return points.DrainToImmutable();
    }

    internal void Bad(string name, string rule) => Fail(ReadFaultReason.BadValue, $"Attribute {name} {rule}");

    private static bool IsId(string value) =>
        value.Length is > 0 and <= IdLengthMax && !value.AsSpan().ContainsAnyExcept(IdCharacters);

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
        && text[0] != '+';

    /// <summary>Ten page widths in each direction; more is a mistake of the sender's arithmetic.</summary>
    private static bool TryCoordinate(ReadOnlySpan<char> text, out int coordinate)
    {
        var isNumber = TryNumber(text, out var number) && number is >= -1_000_000 and <= 1_000_000;
        coordinate = isNumber ? (int)number : 0;
        return isNumber;
    }

    private string CheckLine(string name, string value)
    {
        if (value.Length > Limits.LineCharactersMax)
        {
            Fail(ReadFaultReason.ValueTooLong, $"Attribute {name} has more than {Limits.LineCharactersMax} characters");
        }
        else if (value.Any(char.IsControl))
        {
            Bad(name, "holds a control character");
        }

        return value;
    }

    private Rights CheckRights(string name, string words)
    {
        if (Words.ToRights(words) is { } rights) return rights;
        Bad(name, "must be words of share draw turn edit-others manage");
        return default;
    }
}
