using Conference.Actors.Ports;
using Conference.Protocol.Xml;

namespace Conference.Actors.Fanout;

/// <summary>Encodes snapshots, and keeps the last one for those who come soon after.</summary>
internal sealed class SnapshotBodies(ConferenceFanout conference)
{
    private readonly Lock _lock = new();
    private int _bytesMax;
    private long _revision = -1;
    private EncodedBody[] _bodies = [];
    private bool _isUsed;

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
            var parts = SnapshotSplitter.Split(state.ToSnapshot(), bytesMax);
            _bodies = [.. parts.Select(p => new EncodedBody(MediaTypes.ConferenceXml, ServerMessageWriter.Write(p)))];
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
        if (_revision < 0 || head - _revision > conference.Options.SnapshotReuseEvents) return false;
        lock (conference.Gate) return conference.Window.Covers(_revision);
    }
}
