using Conference.Actors.Ports;
using Conference.Protocol.Xml;

namespace Conference.Actors.Fanout;

/// <summary>Encodes snapshots, and keeps the last ones for those who come soon after: one for each size of body that is
/// asked for, up to <see cref="SizesMax"/>.</summary>
internal sealed class SnapshotBodies(ConferenceFanout conference)
{
    /// <summary>Streams and datagrams ask for one size each, some members for one that a refusal has taught.</summary>
    internal const int SizesMax = 4;

    // A snapshot is used for so many times the time that it took to encode: encoding is a tenth of what is done then.
    private const int ReuseTimes = 10;

    private readonly Lock _lock = new();
    private readonly List<Kept> _kept = []; // Under _lock; the one made last comes last.

    /// <summary>A snapshot in as many bodies as it needs.</summary>
    /// <param name="bytesMax">Of one body.</param>
    /// <returns>Its revision and its bodies; the events after it are held by the window.</returns>
    internal (long Revision, IReadOnlyList<EncodedBody> Bodies) Get(int bytesMax)
    {
        var state = conference.State;
        conference.Stir();
        lock (_lock)
        {
            var kept = _kept.Find(k => k.BytesMax == bytesMax);
            if (kept is null || !IsStillGood(kept, state.Revision))
            {
                if (kept is not null) _kept.Remove(kept);
                else if (_kept.Count == SizesMax) _kept.RemoveAt(0);
                _kept.Add(kept = Make(state.Revision, bytesMax));
            }

            kept.IsUsed = true;
            return (kept.Revision, kept.Bodies);
        }

        Kept Make(long revision, int size)
        {
            var begun = conference.Engine.Time.GetTimestamp();
            var parts = SnapshotSplitter.Split(state.ToSnapshot(), size);
            EncodedBody[] bodies =
                [.. parts.Select(p => new EncodedBody(MediaTypes.ConferenceXml, ServerMessageWriter.Write(p)))];
            return new Kept(size, revision, bodies, begun, conference.Engine.Time.GetElapsedTime(begun));
        }
    }

    /// <summary>Drops the snapshots that nobody asked for since the last time.</summary>
    /// <returns>Whether any is kept.</returns>
    internal bool Age()
    {
        lock (_lock)
        {
            _kept.RemoveAll(k => !k.IsUsed);
            foreach (var kept in _kept) kept.IsUsed = false;
            return _kept.Count > 0;
        }
    }

    private bool IsStillGood(Kept kept, long head)
    {
        var isRecent = conference.Engine.Time.GetElapsedTime(kept.MadeAt) < kept.Took * ReuseTimes;
        if (!MayBeReused(head - kept.Revision, isRecent, conference.Options)) return false;
        lock (conference.Gate) return conference.Window.Covers(kept.Revision);
    }

    /// <summary>Whether who needs a snapshot is given one that lacks so many events. When events come faster than
    /// snapshots are encoded, each member would get one of its own, and all of them would wait.</summary>
    /// <param name="events">That came after it.</param>
    /// <param name="isRecent">Whether it was made a moment ago, compared with the time that took.</param>
    /// <param name="options">Limits.</param>
    internal static bool MayBeReused(long events, bool isRecent, FanoutOptions options) =>
        events <= options.SnapshotReuseEvents || (isRecent && events <= options.HistoryEventsMax / 2);

    /// <param name="BytesMax">Of one body.</param>
    /// <param name="Revision">What it lacks came later.</param>
    /// <param name="Bodies">In order.</param>
    /// <param name="MadeAt">When it was begun,</param>
    /// <param name="Took">and how long that took.</param>
    private sealed record Kept(int BytesMax, long Revision, EncodedBody[] Bodies, long MadeAt, TimeSpan Took)
    {
        internal bool IsUsed { get; set; }
    }
}
