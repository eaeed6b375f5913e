using Conference.Client.Model;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Client;

public sealed partial class ConferenceSession
{
    /// <summary>Takes one message of the server: applied when this returns, so that the 200 may leave.</summary>
    internal TakeOutcome Take(ServerMessage message)
    {
        lock (_gate)
        {
            if (_isClosed) return TakeOutcome.Closed;
            switch (message)
            {
                case Notification notification: TakeNotification(notification); break;
                case Snapshot part: TakeSnapshot(part); break;
                case PageContent { Href: { } href } content when !Pages.Contains(content.Page.Digest):
                    if (!TryDownloadInBackground(content.Page, href)) return TakeOutcome.TooManyFetches;
                    break;
                case PageContent content: TakePage(content); break;
                case PageRequest request: AnswerInBackground(request); break;
                case Refusal refusal: Refused?.Invoke(refusal); break;
                case PointersMoved moved: PointersMoved?.Invoke(moved.Pointers); break;
                case SavedFile file: FileSaved?.Invoke(file); break;
            }

            WakeWaiters();
            return TakeOutcome.Taken;
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
        if (step.Outcome == ModelOutcome.BoardDiffers)
        {
            Counters.BoardsDiffered++;
            AskForAnotherSnapshot();
            return;
        }

        _model = step.Model;
        _snapshotsTaken++;
        Counters.Snapshots++;
        _resyncAskedAt = null;
    }

    /// <summary>At once after the first bad snapshot; after the next ones not sooner than after a lost answer, or both
    /// sides would do nothing else when they compute digests differently.</summary>
    private void AskForAnotherSnapshot()
    {
        var now = _time.GetTimestamp();
        if (_badSnapshotAt is not { } at || _time.GetElapsedTime(at, now) >= _options.ResyncRepeatAfter)
        {
            (_badSnapshotAt, _resyncAskedAt) = (now, null);
        }

        AskForResync(0);
    }

    private void TakePage(PageContent content)
    {
        if (Pages.Contains(content.Page.Digest))
        {
            Counters.Repeated++;
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

    /// <returns>False when too many are under way: the server may say it again later.</returns>
    private bool TryDownloadInBackground(PageDescriptor page, string href)
    {
        if (_digestsBeingDownloaded.Contains(page.Digest)) return true;
        if (_digestsBeingDownloaded.Count >= _options.PageDownloadsMax) return false;
        _digestsBeingDownloaded.Add(page.Digest);
        _ = Task.Run(async () =>
        {
            byte[]? content = null;
            try
            {
                content = await _download.ReadAsync(href, page.ContentBytes, _closing.Token).ConfigureAwait(false);
            }
            finally
            {
                lock (_gate)
                {
                    _digestsBeingDownloaded.Remove(page.Digest); // however it ended: it can be sent again
                    if (!_isClosed) TakeDownload(page, content);
                }
            }
        });
        return true;
    }

    private void TakeDownload(PageDescriptor page, byte[]? content)
    {
        if (content is null) Counters.BadPages++;
        else KeepPage(page, content);
        WakeWaiters();
    }
}
