using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>One Via value (RFC 3261 20.42).</summary>
/// <param name="Transport">Upper case: "UDP", "TCP", "TLS", "WS", "WSS" or another.</param>
/// <param name="Host">sent-by host; an IPv6 reference keeps its brackets.</param>
/// <param name="Port">sent-by port; null means the transport's default.</param>
/// <param name="Parameters">branch, received, rport and others.</param>
public sealed record ViaHeader(string Transport, string Host, int? Port, SipParameters Parameters)
{
    /// <summary>What a branch of RFC 3261 begins with.</summary>
    public const string MagicCookie = "z9hG4bK";

    /// <summary>The branch as it was sent; null without (RFC 2543).</summary>
    public string? Branch => Parameters["branch"];

    /// <summary>
    /// The branch begins with the cookie and something follows, so it names a transaction (RFC 3261 17.2.3). The
    /// cookie alone does not: two such requests would be taken for one (RFC 4475 3.3.1).
    /// </summary>
    public bool HasUniqueBranch =>
        Branch is { } branch && branch.Length > MagicCookie.Length
        && branch.StartsWith(MagicCookie, StringComparison.OrdinalIgnoreCase);

    /// <summary>The address that the next element saw (RFC 3261 18.2.1).</summary>
    public string? Received => Parameters["received"];

    /// <summary>The <c>rport</c> parameter is there, with or without a value (RFC 3581).</summary>
    public bool HasRPort => Parameters.Contains("rport");

    /// <summary>The value of <c>rport</c>, 1 to 65535; null without a usable one.</summary>
    public int? RPort => SipNumbers.Read(Parameters["rport"]) is { } port and > 0 and <= 65535 ? (int)port : null;

    /// <summary>The multicast address to answer to (RFC 3261 18.2.2); null without.</summary>
    public string? MAddr => Parameters["maddr"];

    /// <summary>The <c>ttl</c> parameter; null without.</summary>
    public string? Ttl => Parameters["ttl"];

    /// <summary>
    /// sent-by as one text, host in lower case, for matching (RFC 3261 17.2.3): "host" or "host:port".
    /// </summary>
    public string SentBy => Port is { } port
        ? string.Create(CultureInfo.InvariantCulture, $"{Host.ToLowerInvariant()}:{port}")
        : Host.ToLowerInvariant();

    /// <summary>Reads one value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, [NotNullWhen(true)] out ViaHeader? via) =>
        TryParse(value, isLenient: false, out via);

    /// <summary>Reads one value.</summary>
    /// <param name="value">Without the comma that ends it.</param>
    /// <param name="isLenient">Forgive version and parameters: enough to send a refusal to the right place.</param>
    /// <param name="via">The value read.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, bool isLenient, [NotNullWhen(true)] out ViaHeader? via)
    {
        via = null;
        if (!ViaView.TryParse(value, out var view, isLenient))
        {
            return false;
        }

        via = new ViaHeader(
            TransportOf(view.Transport),
            Encoding.ASCII.GetString(view.Host),
            view.Port < 0 ? null : view.Port,
            SipParameters.OfHeader(view.Parameters));
        return true;
    }

    /// <summary>The value as it is written in a message.</summary>
    public override string ToString() => Port is { } port
        ? string.Create(CultureInfo.InvariantCulture, $"SIP/2.0/{Transport} {Host}:{port}{Parameters}")
        : $"SIP/2.0/{Transport} {Host}{Parameters}";

    private static string TransportOf(ReadOnlySpan<byte> transport) =>
        Ascii.EqualsIgnoreCase(transport, "UDP"u8) ? "UDP"
        : Ascii.EqualsIgnoreCase(transport, "TCP"u8) ? "TCP"
        : Encoding.ASCII.GetString(transport).ToUpperInvariant();
}
