using Conference.Actors.Ports;
using Conference.Protocol.Xml;

namespace Conference.Actors.Fanout;

/// <summary>Encodes snapshots, and keeps the last one for those who come soon after.</summary>
internal sealed class SnapshotBodies(ConferenceFanout conference)
{
    // A snapshot is used for so many times the time that it took to encode: encoding is a tenth of what is done then.
    private const int ReuseTimes = 10;

    private readonly Lock _lock = new();
    private int _bytesMax;
    private long _revision = -1;
    private EncodedBody[] _bodies = [];
    private bool _isUsed;
    private long _madeAt; // When it was begun,
    private TimeSpan _took; // and how long that took.

    /// <summary>A snapshot in as many bodies as it needs.</summary>
    /// <param name="bytesMax">Of one body.</param>
    /// <returns>Its revision and its bodies; the events after it are held by the window.</returns>
    internal (long Revision, IReadOnlyList<EncodedBody> Bodies) Get(int bytesMax)
    {
        var state = conference.State;
        conference.Stir();
        lock (_lock)
        {
            _isUsed = true;
            if (bytesMax == _bytesMax && IsStillGood(state.Revision)) return (_revision, _bodies);
            _madeAt = conference.Engine.Time.GetTimestamp();
            var parts = SnapshotSplitter.Split(state.ToSnapshot(), bytesMax);
            _bodies = [.. parts.Select(p => new EncodedBody(MediaTypes.ConferenceXml, ServerMessageWriter.Write(p)))];
            _took = conference.Engine.Time.GetElapsedTime(_madeAt);
            (_bytesMax, _revision) = (bytesMax, state.Revision);
            return (_revision, _bodies);
        }
    }

    /// <summary>Drops the snapshot when nobody asked for it since the last time.</summary>
    /// <returns>Whether it is kept.</returns>
    internal bool Age()
    {
        lock (_lock)
        {
            if (!_isUsed) (_bodies, _revision) = ([], -1);
            _isUsed = false;
            return _revision >= 0;
        }
    }

    private bool IsStillGood(long head)
    {
        if (_revision < 0) return false;
        var isRecent = conference.Engine.Time.GetElapsedTime(_madeAt) < _took * ReuseTimes;
        if (!MayBeReused(head - _revision, isRecent, conference.Options)) return false;
        lock (conference.Gate) return conference.Window.Covers(_revision);
    }

    /// <summary>Whether who needs a snapshot is given one that lacks so many events. When events come faster than
    /// snapshots are encoded, each member would get one of its own, and all of them would wait.</summary>
    /// <param name="events">That came after it.</param>
    /// <param name="isRecent">Whether it was made a moment ago, compared with the time that took.</param>
    /// <param name="options">Limits.</param>
    internal static bool MayBeReused(long events, bool isRecent, FanoutOptions options) =>
        events <= options.SnapshotReuseEvents || (isRecent && events <= options.HistoryEventsMax / 2);
}
