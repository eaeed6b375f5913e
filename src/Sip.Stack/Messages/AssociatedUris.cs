namespace Sip.Stack.Messages;

/// <summary>
/// Reads P-Associated-URI with forgiveness: Kamailio's S-CSCF closes the bracket behind the last entry,
/// <c>&lt;sip:alice@ims.example, tel:+15550001&gt;</c>, as soon as the implicit set has more than one identity.
/// </summary>
internal static class AssociatedUris
{
    internal static IReadOnlyList<SipUri> Read(SipHeaders headers)
    {
        var found = new List<SipUri>();
        for (var i = headers.FindFirst(SipHeaderName.PAssociatedUri); i >= 0;
             i = headers.FindFirst(SipHeaderName.PAssociatedUri, i + 1))
        {
            Read(headers[i].Value, found);
        }

        return found;
    }

    // Commas count wherever they stand but in quotes: what looks like a URI between two of them is one.
    private static void Read(ReadOnlySpan<byte> value, List<SipUri> found)
    {
        var start = 0;
        for (var at = 0; at <= value.Length; at++)
        {
            if (at < value.Length && value[at] == '"')
            {
                var length = SipLexer.QuotedLength(value[at..]);
                if (length < 0)
                {
                    return;
                }

                at += length - 1;
            }
            else if (at == value.Length || value[at] == ',')
            {
                ReadOne(SipLexer.Trim(value[start..at]), found);
                start = at + 1;
            }
        }
    }

    private static void ReadOne(ReadOnlySpan<byte> entry, List<SipUri> found)
    {
        var open = entry.LastIndexOf((byte)'<');
        entry = entry[(open + 1)..];
        var close = entry.IndexOf((byte)'>');
        if (SipUri.TryParse(SipLexer.Trim(close < 0 ? entry : entry[..close]), out var uri) && (uri.IsSip || uri.IsTel))
        {
            found.Add(uri);
        }
    }
}
