using System.Net;
using System.Text;
using Conference.Protocol.Xml;
using Sip.Stack.Messages;

namespace AppServer.FrontDoor.Admission;

/// <summary>Finds sender, target and kind of a request in its bytes, without reading any of them properly: it is done
/// for each request of a flood. Sender and conference are hashes: who is mistaken for another shares its places,
/// nothing more. What is not certain to steer counts as drawing, so that nothing takes the places of those who do.
/// </summary>
internal static class AdmissionKeys
{
    /// <summary>A hash of who sent it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="source">Its address: nobody takes places from somebody else by writing its name into From.</param>
    /// <param name="isAsserted">Whether P-Asserted-Identity says who it is.</param>
    internal static int Sender(SipRequest request, IPAddress source, bool isAsserted)
    {
        var hash = default(HashCode);
        if ((isAsserted && request.Headers.TryGetFirst(SipHeaderName.PAssertedIdentity, out var identity))
            || request.Headers.TryGetFirst(SipHeaderName.From, out identity))
        {
            hash.AddBytes(AddressIn(identity));
        }

        hash.Add(source);
        return hash.ToHashCode();
    }

    /// <summary>A hash of whom it is for.</summary>
    internal static int Target(string requestUri) => requestUri.GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether it is drawing, chat or a pointer, or may be.</summary>
    internal static bool IsDrawing(SipRequest request) =>
        !request.Headers.TryGetFirst(SipHeaderName.ContentType, out var type)
        || type.Length < MediaTypes.ConferenceXml.Length
        || !Ascii.EqualsIgnoreCase(type[..MediaTypes.ConferenceXml.Length], MediaTypes.ConferenceXml)
        || !SteeringActions.Contains(request.Body.Span);

    // Without display name and parameters: a tag is another one in each request.
    private static ReadOnlySpan<byte> AddressIn(ReadOnlySpan<byte> value)
    {
        var open = value.IndexOf((byte)'<');
        var end = open >= 0 ? value.IndexOf((byte)'>') : value.IndexOf((byte)';');
        return end > open ? value[(open + 1)..end] : value[(open + 1)..];
    }
}
