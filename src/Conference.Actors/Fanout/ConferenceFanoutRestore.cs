using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol.Xml;

namespace Conference.Actors.Fanout;

/// <content>What some are behind by when a conference wakes up is read from the store.</content>
internal sealed partial class ConferenceFanout
{
    // One read of history: about 200 KB of events.
    private const int HistoryPageEvents = 512;

    private async Task RestoreAsync(long afterRevision, ConferenceState state)
    {
        var read = new List<PublishedEvent>();
        try
        {
            await ReadHistoryAsync(afterRevision, state.Revision, read);
        }
        catch (StoreUnavailableException)
        {
            read.Clear(); // Those who are behind get a snapshot instead.
        }
        catch (Exception failure)
        {
            Engine.NoteRestoreFailed(Uri, failure);
            read.Clear();
        }

        lock (Gate)
        {
            // Unless so much was published meanwhile that the window has moved on: then it is a snapshot, too.
            if (read.Count == state.Revision - afterRevision && Window.Before == state.Revision)
                Window.Prepend(afterRevision, [.. read.Select(e => ToEntry(e, state, Engine.Time.GetTimestamp()))]);
            NoteWindow();
            IsRestoring = false;
        }

        Engine.Schedule(this);
    }

    private async Task ReadHistoryAsync(long afterRevision, long toRevision, List<PublishedEvent> to)
    {
        var next = afterRevision;
        while (next < toRevision)
        {
            var page = await Engine.Store.ReadEventsAsync(Uri, next, HistoryPageEvents, CancellationToken.None);
            if (page.IsEmpty) return;
            foreach (var stored in page)
            {
                if (stored.Revision > toRevision) return;
                if (!EventReader.TryReadFragment(stored.Payload, out var happened)) return;
                to.Add(new PublishedEvent(happened, stored.Payload));
            }

            next = page[^1].Revision;
        }
    }
}
