using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Xml;

namespace Conference.Actors.Focus;

/// <summary>What a conference does with the stores, off the actor. Never throws: every end is a message.</summary>
internal sealed class StoreAccess(ConferenceUri conference, FocusServices services)
{
    /// <summary>A store that keeps its own time-out answers before this; one that hangs is given up here.</summary>
    private TimeSpan Patience => services.Options.AskTimeout * 0.8;

    /// <summary>Reads the conference: checkpoint, then the events after it, page by page.</summary>
    internal async Task<object> RestoreAsync()
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var patience = new CancellationTokenSource(services.Options.RestoreTimeout, services.Time);
            var restored = await RestoreAsync(patience.Token).ConfigureAwait(false);
            FocusMetrics.RestoreSeconds.Observe(Stopwatch.GetElapsedTime(started).TotalSeconds);
            FocusMetrics.Restores.WithLabels("restored").Inc();
            return restored;
        }
        catch (Exception exception)
        {
            FocusMetrics.Restores.WithLabels("failed").Inc();
            return new RestoreFailed(this, exception);
        }
    }

    /// <summary>Puts the pages, appends the events: in this order, so that no event names a page that is not there.
    /// </summary>
    internal async Task<RoundResult> StoreAsync(CommandRound round, StoreSpan span, long epoch)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, services.Time);
            var lost = await FindLostAsync(round, patience.Token).ConfigureAwait(false);
            if (!lost.IsEmpty) return new RoundResult.PagesLost(round, lost);
            foreach (var page in round.Pages)
            {
                await services.Blobs.PutAsync(
                    page.Page.Digest, page.Content, services.Options.PageLifetime, patience.Token)
                    .ConfigureAwait(false);
            }

            if (round.Events.Count == 0) return new RoundResult.Stored(round);
            // Room 8: durable before anybody is told (INV-2).
            var outcome = await services.Store.AppendAsync(conference, epoch, round.ToStored(), patience.Token)
                .ConfigureAwait(false);
            if (outcome != AppendOutcome.Appended) return new RoundResult.NotStored(round, outcome);
            FocusMetrics.AppendSeconds.Observe(span.Elapsed.TotalSeconds);
            return new RoundResult.Stored(round);
        }
        catch (Exception exception)
        {
            return new RoundResult.StoreFailed(round, exception);
        }
        finally
        {
            span.End();
        }
    }

    /// <summary>Writes a checkpoint of this state, which is immutable: beside the mailbox, encoding included.</summary>
    internal async Task<CheckpointDone> WriteCheckpointAsync(ConferenceState state, long epoch)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var patience = new CancellationTokenSource(Patience, services.Time);
            var checkpoint = new Checkpoint(state.Revision, CheckpointCodec.Write(state));
            var isWritten = await services.Store
                .WriteCheckpointAsync(conference, epoch, checkpoint, patience.Token).ConfigureAwait(false);
            return new CheckpointDone(state.Revision, isWritten ? null : "stale");
        }
        catch (Exception exception)
        {
            return new CheckpointDone(state.Revision, exception.Message);
        }
    }

    private async Task<Restored> RestoreAsync(CancellationToken cancel)
    {
        var ownership = await services.Store.TakeOwnershipAsync(conference, cancel).ConfigureAwait(false);
        var state = ConferenceState.Before(conference, services.Options.StateLimits);
        if (ownership.LastRevision == 0) return new Restored(this, state, ownership.Epoch, [], 0);
        var checkpointRevision = 0L;
        if (ownership.Checkpoint is { } checkpoint)
        {
            if (CheckpointCodec.TryRead(checkpoint.Payload, conference, services.Options.StateLimits) is { } read
                && read.Revision == checkpoint.Revision)
            {
                state = read;
                checkpointRevision = read.Revision;
            }
            else
            {
                services.Log.CheckpointUnreadable(conference.Value, checkpoint.Revision);
            }
        }

        while (state.Revision < ownership.LastRevision)
        {
            var events = await services.Store.ReadEventsAsync(
                conference, state.Revision, services.Options.EventsPerReadMax, cancel).ConfigureAwait(false);
            if (events.IsEmpty) throw new InvalidDataException($"Events after {state.Revision} are missing.");
            state = Replay(state, events);
        }

        var cursors = await services.Store.ReadCursorsAsync(conference, cancel).ConfigureAwait(false);
        return new Restored(this, state, ownership.Epoch, cursors, checkpointRevision);
    }

    private static ConferenceState Replay(ConferenceState state, ImmutableArray<StoredEvent> events)
    {
        foreach (var stored in events)
        {
            if (!EventReader.TryReadFragment(stored.Payload, out var next) || next.Revision != stored.Revision)
            {
                throw new InvalidDataException($"The event with revision {stored.Revision} is unreadable.");
            }

            state = state.Apply(next);
        }

        return state;
    }

    private async Task<ImmutableHashSet<string>> FindLostAsync(CommandRound round, CancellationToken cancel)
    {
        var lost = ImmutableHashSet<string>.Empty;
        foreach (var digest in round.UsedPages)
        {
            if (round.Pages.Any(page => page.Page.Digest == digest)) continue;
            if (!await services.Blobs.ContainsAsync(digest, cancel).ConfigureAwait(false)) lost = lost.Add(digest);
        }

        return lost;
    }
}
