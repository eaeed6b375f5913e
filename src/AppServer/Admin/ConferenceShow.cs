using AppServer.Provisioning;
using Conference.Actors.Focus;
using Conference.Protocol;

namespace AppServer.Admin;

/// <summary>Shows a conference to an operator: identities and figures, never content.</summary>
internal static class ConferenceShow
{
    /// <summary>Turns a description into what is sent.</summary>
    internal static ConferenceDetailDto Of(ConferenceDescription conference) => new(
        conference.Conference.Value,
        conference.Subject,
        conference.Revision,
        conference.HasEnded,
        conference.CreatedAt,
        conference.CurrentPage?.ToString(),
        [.. conference.Roster.Select(entry => new RosterDto(
            entry.Participant.Value, entry.DisplayName, NameOf(entry.Role.ToString()),
            ConferenceReader.NamesOf(entry.Rights)))],
        [.. conference.Documents.Select(document => new DocumentDto(
            document.DocumentId, document.Name, document.PageCount, document.Sharer.Value,
            [.. document.Pages.Select(Of)]))],
        [.. conference.Deliveries.Select(delivery => new DeliveryDto(
            delivery.Participant.Value, delivery.Cursor, NameOf(delivery.State), delivery.LastStatus,
            delivery.Attempts))]);

    private static PageDto Of(PageDescriptor page) => new(
        page.Page.Number, page.PixelWidth, page.PixelHeight, page.MediaType, page.ContentBytes, page.Digest);

    private static string NameOf(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);
}
