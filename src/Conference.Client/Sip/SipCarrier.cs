using System.Globalization;
using Conference.Client.Requests;
using Conference.Protocol.Xml;

namespace Conference.Client.Sip;

/// <summary>Carries request bodies as SIP MESSAGEs (RFC 3428), each with a Call-ID of its own.</summary>
internal sealed class SipCarrier(SipRequester requester) : IRequestCarrier
{
    /// <summary>The revision of an accepted request, in its 202.</summary>
    internal const string RevisionHeader = "Conference-Revision";

    /// <summary>The URI of a conference that was created, in the 202.</summary>
    internal const string UriHeader = "Conference-Uri";

    public async Task<CarrierAnswer> SendAsync(string uri, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var result = await requester.SendAsync(
            "MESSAGE", uri, uri, SipRequester.Token(12),
            request => request.WithBody(MediaTypes.ConferenceXml, body), cancel).ConfigureAwait(false);
        if (result.Response is not { } response) return new CarrierAnswer(0, result.Failure.ToString());
        var retryAfter = response.RetryAfter is { } asked ? TimeSpan.FromSeconds(asked.Seconds) : (TimeSpan?)null;
        var reason = response.ReasonPhrase;
        if (response.Warnings is [var warning, ..] && warning.Text != reason) reason = $"{reason}: {warning.Text}";
        _ = long.TryParse(response.Headers.GetText(RevisionHeader), CultureInfo.InvariantCulture, out var revision);
        var created = response.Headers.GetText(UriHeader)?.Trim().Trim('<', '>');
        return new CarrierAnswer(
            response.StatusCode, reason, retryAfter, revision, created);
    }
}
