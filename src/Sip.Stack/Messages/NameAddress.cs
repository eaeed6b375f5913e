using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>An address in a header field: From, To, Contact, Route, P-Asserted-Identity and their like.</summary>
/// <param name="DisplayName">Without quotes and escapes; null when there is none.</param>
/// <param name="Uri">The URI; null when it is malformed.</param>
/// <param name="UriText">The URI as it was sent.</param>
/// <param name="Parameters">The parameters of the header field, not those of the URI.</param>
public sealed record NameAddress(string? DisplayName, SipUri? Uri, string UriText, SipParameters Parameters)
{
    /// <summary>An address with a URI alone.</summary>
    public NameAddress(SipUri uri)
        : this(null, uri, uri.ToString(), SipParameters.Empty)
    {
    }

    /// <summary>The <c>tag</c> parameter of From and To; null without.</summary>
    public string? Tag => Parameters["tag"];

    /// <summary>
    /// The <c>expires</c> parameter of a Contact in seconds; null when it is absent or no number (RFC 3261 10.3: then
    /// the default counts). A number beyond 2^32-1 is 2^32-1.
    /// </summary>
    public uint? Expires => SipNumbers.Read(Parameters["expires"]);

    /// <summary>
    /// The <c>q</c> parameter of a Contact, 0 to 1000 for 0 to 1; null when it is absent or malformed.
    /// </summary>
    public int? QualityPerMille => SipNumbers.ReadQuality(Parameters["q"]);

    /// <summary>Reads one value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, [NotNullWhen(true)] out NameAddress? address)
    {
        address = null;
        if (!NameAddressView.TryParse(value, out var view))
        {
            return false;
        }

        var uri = SipUri.TryParse(view.Uri, out var parsed) ? parsed : null;
        address = new NameAddress(
            view.Display.IsEmpty ? null : SipQuoting.Unquote(Encoding.UTF8.GetString(view.Display)),
            uri,
            Encoding.UTF8.GetString(view.Uri),
            SipParameters.OfHeader(view.Parameters));
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out NameAddress?)"/>
    public static bool TryParse([NotNullWhen(true)] string? value, [NotNullWhen(true)] out NameAddress? address)
    {
        address = null;
        return value is not null && TryParse(Encoding.UTF8.GetBytes(value), out address);
    }

    /// <summary>Reads a comma-separated list.</summary>
    /// <param name="list">One header field value.</param>
    /// <param name="addresses">The values in order; those that are malformed are left out.</param>
    /// <returns>False when one of them is malformed, or there is none.</returns>
    public static bool TryParseList(ReadOnlySpan<byte> list, out IReadOnlyList<NameAddress> addresses)
    {
        var found = new List<NameAddress>();
        var isGood = true;
        foreach (var value in new SipValueList(list))
        {
            if (TryParse(value, out var address) && address.Uri is not null)
            {
                found.Add(address);
            }
            else
            {
                isGood = false;
            }
        }

        addresses = found;
        return isGood && found.Count > 0;
    }

    /// <summary>The address as it is written in a message, always with angle brackets.</summary>
    public override string ToString()
    {
        var uri = UriText.Length > 0 ? UriText : Uri?.ToString();
        return DisplayName is null
            ? string.Create(CultureInfo.InvariantCulture, $"<{uri}>{Parameters}")
            : string.Create(CultureInfo.InvariantCulture, $"{SipQuoting.Quote(DisplayName)} <{uri}>{Parameters}");
    }
}
