using System.Text;

namespace Sip.Stack.Messages;

/// <summary>Event: the package, maybe with templates, and the id (RFC 6665 8.2.1).</summary>
/// <param name="Package">Event type as sent; compares with case.</param>
/// <param name="Parameters">id and others.</param>
public sealed record EventHeader(string Package, SipParameters Parameters)
{
    /// <summary>The <c>id</c> parameter; null without.</summary>
    public string? Id => Parameters["id"];

    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out EventHeader? header)
    {
        var isRead = SipLexer.TryReadTokenAndParameters(value, out var token, out var parameters);
        header = isRead ? new EventHeader(Encoding.ASCII.GetString(token), SipParameters.OfHeader(parameters)) : null;
        return isRead;
    }
}
