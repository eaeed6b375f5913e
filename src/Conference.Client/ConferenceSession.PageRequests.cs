using Conference.Client.Pages;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Client;

/// <content>Pages that the server asks for: a few at a time, or a save of a long document would read all of its pages
/// into memory and overflow the queue of requests, and what overflows is never answered.</content>
public sealed partial class ConferenceSession
{
    private const int PageAnswersAtOnceMax = 4;

    // As many as a message can name. Beyond, the server's own time-out speaks for this participant.
    private const int PagesAskedMax = 20_000;

    // Guarded by _gate.
    private readonly Queue<PageRef> _pagesAsked = new();
    private readonly HashSet<PageRef> _pagesUnanswered = []; // those in the queue and those being sent
    private int _pageAnswers;

    private void AnswerInBackground(PageRequest request)
    {
        foreach (var page in request.Pages)
        {
            if (_pagesAsked.Count < PagesAskedMax && _pagesUnanswered.Add(page)) _pagesAsked.Enqueue(page);
        }

        while (_pageAnswers < Math.Min(PageAnswersAtOnceMax, _pagesAsked.Count))
        {
            _pageAnswers++;
            _ = Task.Run(AnswerAllAsync);
        }
    }

    private async Task AnswerAllAsync()
    {
        while (true)
        {
            PageRef page;
            IPageSource? source;
            lock (_gate)
            {
                if (_isClosed || !_pagesAsked.TryDequeue(out page))
                {
                    _pageAnswers--;
                    return;
                }

                source = _sources.GetValueOrDefault(page.DocumentId);
            }

            await AnswerAsync(page, source).ConfigureAwait(false);
            lock (_gate) _pagesUnanswered.Remove(page);
        }
    }

    /// <summary>Sends the page, or says that it cannot be had: whoever turned to it is waiting.</summary>
    private async Task AnswerAsync(PageRef page, IPageSource? source)
    {
        try
        {
            if (source is not null)
            {
                await SendPageAsync(source, page.Number, isAsked: true, _closing.Token).ConfigureAwait(false);
                return;
            }
        }
        catch (Exception)
        {
            // The source belongs to the application and may fail in any way; the server is told below.
        }

        await RequestAsync(new PageUnavailable(page, source is null ? NotMine : NotReadable), _closing.Token)
            .ConfigureAwait(false);
    }
}
