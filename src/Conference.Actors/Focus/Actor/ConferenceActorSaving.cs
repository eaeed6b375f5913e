using Akka.Actor;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <content>Saving: gather missing pages from their sharers, then write the file beside the mailbox.</content>
public sealed partial class ConferenceActor
{
    /// <summary>Pages that a sharer is asked for at a time: what it renders and sends within seconds.</summary>
    private const int PagesPerAsk = 16;

    private readonly HashSet<PageRef> _unavailable = [];
    private readonly HashSet<PageRef> _asked = [];
    private CancellationTokenSource? _writing;
    private DateTimeOffset _lastPageAt;

    private void ResumeSaving()
    {
        StopSaving();
        _asked.Clear();
        AdvanceSaving();
    }

    private void StopSaving()
    {
        _writing?.Cancel();
        _writing?.Dispose();
        _writing = null;
    }

    private void NotePageThere() => _lastPageAt = _services.Now();

    private void NotePageUnavailable(PageRef page)
    {
        if (_state.AwaitedSaves.IsEmpty) return;
        _unavailable.Add(page);
        AdvanceSaving();
    }

    private DateTimeOffset? NextSaveDeadline() =>
        _state.AwaitedSaves.IsEmpty || _writing is not null ? null : SaveDeadline(_state.AwaitedSaves[0]);

    /// <summary>Counts anew with every page that comes.</summary>
    private DateTimeOffset SaveDeadline(AwaitedSave save) =>
        (save.Since > _lastPageAt ? save.Since : _lastPageAt) + _services.Options.SaveTimeout;

    /// <summary>One save at a time, oldest first.</summary>
    private void AdvanceSaving()
    {
        if (_writing is not null || _due.Count > 0) return;
        if (_state.AwaitedSaves.IsEmpty)
        {
            _unavailable.Clear();
            _asked.Clear();
            return;
        }

        var save = _state.AwaitedSaves[0];
        var missing = PagesToAskFor();
        if (missing.Count > 0 && _services.Now() < SaveDeadline(save))
        {
            AskForSave(missing);
            return;
        }

        _writing = new CancellationTokenSource();
        WriteFileAsync(save, _state, _writing.Token).PipeTo(Self);
    }

    private List<PageRef> PagesToAskFor()
    {
        var missing = _state.MissingPages().Concat(
            from document in _state.Documents.Values
            from page in document.Pages.Values
            where page.IsCached && _context.LostPages.Contains(page.Descriptor.Digest)
            select page.Descriptor.Page);
        return [.. missing.Where(page => !_unavailable.Contains(page) && IsSharerThere(page)).Distinct()];
    }

    private bool IsSharerThere(PageRef page) =>
        _state.FindDocument(page.DocumentId) is { } document && _state.HasSharer(document);

    private void AskForSave(List<PageRef> missing)
    {
        _asked.IntersectWith(missing);
        if (_asked.Count > PagesPerAsk / 2) return;
        var next = missing.Where(page => !_asked.Contains(page)).Take(PagesPerAsk).ToList();
        foreach (var pages in next.GroupBy(page => _state.FindDocument(page.DocumentId)!.Sharer))
        {
            _fanout?.SendTo(pages.Key, new PageRequest(_conference, [.. pages]));
        }

        _asked.UnionWith(next);
    }

    private async Task<SaveDone> WriteFileAsync(AwaitedSave save, ConferenceState state, CancellationToken cancel)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // off the mailbox
        try
        {
            var file = await SavedFileWriter.WriteAsync(state, _services.Blobs, _services.Options, cancel)
                .ConfigureAwait(false);
            return new SaveDone(save, file, null, null);
        }
        catch (SavedFileTooLargeException exception)
        {
            return new SaveDone(save, null, RefuseReasons.Describe(RefuseReason.TooLarge).Label, exception);
        }
        catch (Exception exception)
        {
            return new SaveDone(save, null, RefuseReasons.Describe(RefuseReason.StoreUnavailable).Label, exception);
        }
    }

    private void OnSaveDone(SaveDone done)
    {
        StopSaving();
        // Ended meanwhile, or being read again: then the save begins anew.
        if (_phase is not (Phase.Idle or Phase.Storing) || !_state.AwaitedSaves.Contains(done.Save)) return;
        if (done.File is { LostPages.IsEmpty: false } gaps && _services.Now() < SaveDeadline(done.Save)
            && !gaps.LostPages.All(_context.LostPages.Contains))
        {
            // Their content has outlived its lifetime: the sharers are asked, then the file is written anew.
            _context = _context with { LostPages = _context.LostPages.Union(gaps.LostPages) };
            AdvanceSaving();
            ScheduleTick();
            return;
        }

        FocusMetrics.Saves.WithLabels(done.Failure ?? "saved").Inc();
        if (done.Failure is { } reason) _services.Log.SaveFailed(_conference.Value, reason, done.Exception);
        EventBody body = done.File is { } file
            ? new ConferenceSaved($"save-{done.Save.Revision}", file.FileBytes, file.Digest, file.MissingPages)
            : new SaveFailed(done.Failure!);
        _due.Enqueue(new Decision.Serve(body, done.Save.Requester));
        if (_phase == Phase.Idle) StartRound();
        ScheduleTick();
    }

    /// <summary>Each member gets a reference of its own; without HTTP nobody does, and the event says what is there.
    /// </summary>
    private void HandOut(ConferenceSaved file)
    {
        foreach (var member in _state.Roster.Keys)
        {
            var reference = _services.References.Make(
                member, file.Digest, SavedFileFormat.MediaType, $"{file.FileId}{SavedFileFormat.Extension}");
            if (reference is null) return;
            _fanout?.SendTo(member, new SavedFile(
                _conference, file.FileId, file.FileBytes, file.Digest, reference.Href, reference.Expires));
        }
    }
}
