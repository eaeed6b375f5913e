using Conference.Client.Model;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Client;

public sealed partial class ConferenceSession
{
    /// <summary>Takes one message of the server: applied when this returns, so that the 200 may leave.</summary>
    internal void Take(ServerMessage message)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            switch (message)
            {
                case Notification notification: TakeNotification(notification); break;
                case Snapshot part: TakeSnapshot(part); break;
                case PageContent content: TakePage(content); break;
                case PageRequest request: AnswerInBackground(request); break;
                case Refusal refusal: Refused?.Invoke(refusal); break;
                case PointersMoved moved: PointersMoved?.Invoke(moved.Pointers); break;
                case SavedFile file:
                    _savedFiles[file.FileId] = file;
                    FileSaved?.Invoke(file);
                    break;
            }

            WakeWaiters();
        }
    }

    private void TakeNotification(Notification notification)
    {
        var step = ModelRules.Take(_model, notification);
        _model = step.Model;
        switch (step.Outcome)
        {
            case ModelOutcome.Applied:
                _resyncAskedAt = null;
                break;
            case ModelOutcome.AlreadySeen:
                Counters.Repeated++;
                break;
            case ModelOutcome.Gap:
                Counters.Gaps++;
                AskForResync(_model.Revision);
                break;
            case ModelOutcome.BoardDiffers:
                Counters.BoardsDiffered++;
                AskForResync(0);
                break;
        }

        var now = _time.GetUtcNow();
        foreach (var happened in step.Events) EventApplied?.Invoke(happened, now);
    }

    private void TakeSnapshot(Snapshot part)
    {
        if (_snapshots.Add(part) is not { } snapshot) return;
        var step = ModelRules.Take(_model, snapshot);
        _model = step.Model;
        _snapshotsTaken++;
        Counters.Snapshots++;
        _resyncAskedAt = null;
        if (step.Outcome != ModelOutcome.BoardDiffers) return;
        Counters.BoardsDiffered++;
        AskForResync(0);
    }

    private void TakePage(PageContent content)
    {
        if (Pages.Contains(content.Page.Digest))
        {
            Counters.Repeated++;
        }
        else if (content.Href is { } href)
        {
            DownloadInBackground(content.Page, href);
        }
        else if (_parts.Add(content) is { } whole)
        {
            KeepPage(content.Page, whole);
        }
    }

    private void KeepPage(PageDescriptor page, byte[] content)
    {
        if (!Pages.TryAdd(page, content))
        {
            Counters.BadPages++;
            return;
        }

        PageReceived?.Invoke(page);
    }

    /// <summary>Asks once; again only when the need shows again after a while, as the answer may be lost.</summary>
    private void AskForResync(long since)
    {
        var now = _time.GetTimestamp();
        if (_resyncAskedAt is { } at && _time.GetElapsedTime(at, now) < _options.ResyncRepeatAfter) return;
        _resyncAskedAt = now;
        Counters.Resyncs++;
        _ = RequestAsync(new Resync(since), CancellationToken.None);
    }

    private void DownloadInBackground(PageDescriptor page, string href)
    {
        if (!_digestsBeingDownloaded.Add(page.Digest)) return;
        _ = Task.Run(async () =>
        {
            var content = await _download.ReadAsync(href, page.ContentBytes, _closing.Token).ConfigureAwait(false);
            lock (_gate)
            {
                _digestsBeingDownloaded.Remove(page.Digest);
                if (_isClosed) return;
                if (content is null) Counters.BadPages++;
                else KeepPage(page, content);
                WakeWaiters();
            }
        });
    }

    private void AnswerInBackground(PageRequest request)
    {
        foreach (var page in request.Pages)
        {
            if (!_pagesBeingSent.Add(page)) continue; // it is on its way already
            var source = _sources.GetValueOrDefault(page.DocumentId);
            _ = Task.Run(async () =>
            {
                try
                {
                    await AnswerAsync(page, source).ConfigureAwait(false);
                }
                finally
                {
                    lock (_gate) _pagesBeingSent.Remove(page);
                }
            });
        }
    }
}
