using System.Text;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Conference.Actors.Fanout;

/// <summary>What a foreign SIP client is sent, one that takes text/plain only: chat, and a line with a link for what it
/// cannot show.</summary>
internal static class PlainText
{
    /// <summary>The text of an event; null when it would only disturb.</summary>
    /// <param name="entry">The event.</param>
    /// <param name="linkTo">Makes a link to a page's content; null when there is none.</param>
    internal static EncodedBody? Of(in EventWindow.Entry entry, Func<PageDescriptor, string?> linkTo)
    {
        var text = entry.Body switch
        {
            ChatSaid chat => $"[{entry.Author.Value}] {chat.Text}",
            PageTurned turned when entry.Content is { } content =>
                $"Page {turned.Page.Number} of {turned.Page.DocumentId}: {linkTo(content.Page) ?? "(no link)"}",
            DocumentShared document => $"{entry.Author.Value} shares {document.Name} ({document.PageCount} pages)",
            ConferenceEnded => "The conference has ended.",
            _ => null,
        };
        return text is null ? null : new EncodedBody(MediaTypes.PlainText, Encoding.UTF8.GetBytes(text));
    }
}
