using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>A Content-Type, or one range of an Accept (RFC 3261 20.1, 20.15).</summary>
/// <param name="Type">Lower case; "*" in a range.</param>
/// <param name="SubType">Lower case; "*" in a range.</param>
/// <param name="Parameters">charset, boundary, q and others.</param>
public sealed record MediaType(string Type, string SubType, SipParameters Parameters)
{
    /// <summary>type/subtype in lower case, without parameters.</summary>
    public string Name => $"{Type}/{SubType}";

    /// <summary>The <c>charset</c> parameter; null without.</summary>
    public string? Charset => Parameters["charset"];

    /// <summary>The <c>q</c> parameter in thousandths; 1000 without. 0 means "not this".</summary>
    public int QualityPerMille => SipNumbers.ReadQuality(Parameters["q"]) ?? 1000;

    /// <summary>Reads one value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, [NotNullWhen(true)] out MediaType? type)
    {
        type = null;
        var semicolon = value.IndexOf((byte)';');
        var name = semicolon < 0 ? value : value[..semicolon];
        var slash = name.IndexOf((byte)'/');
        if (slash < 0)
        {
            return false;
        }

        var main = SipLexer.Trim(name[..slash]);
        var sub = SipLexer.Trim(name[(slash + 1)..]);
        if (!SipLexer.IsToken(main) || !SipLexer.IsToken(sub))
        {
            return false;
        }

        type = new MediaType(
            Encoding.ASCII.GetString(main).ToLowerInvariant(),
            Encoding.ASCII.GetString(sub).ToLowerInvariant(),
            SipParameters.OfHeader(semicolon < 0 ? default : value[semicolon..]));
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out MediaType?)"/>
    public static bool TryParse([NotNullWhen(true)] string? value, [NotNullWhen(true)] out MediaType? type)
    {
        type = null;
        return value is not null && TryParse(Encoding.UTF8.GetBytes(value), out type);
    }

    /// <summary>True when this range of an Accept takes a body of that type; parameters do not count.</summary>
    public bool Takes(MediaType body) =>
        (Type == "*" || Type == body.Type) && (SubType == "*" || SubType == body.SubType);

    /// <summary>The value as it is written in a message.</summary>
    public override string ToString() => $"{Type}/{SubType}{Parameters}";
}
