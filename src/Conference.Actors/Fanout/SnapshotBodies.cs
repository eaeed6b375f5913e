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

    /// <summary>A snapshot in as many bodies as it needs.</summary>
    /// <param name="bytesMax">Of one body.</param>
    /// <returns>Its revision and its bodies; the events after it are held by the window.</returns>
    internal (long Revision, IReadOnlyList<EncodedBody> Bodies) Get(int bytesMax)
    {
        var state = conference.State;
        lock (_lock)
        {
            if (bytesMax == _bytesMax && IsStillGood(state.Revision)) return (_revision, _bodies);
            var parts = SnapshotSplitter.Split(state.ToSnapshot(), bytesMax);
            _bodies = [.. parts.Select(p => new EncodedBody(MediaTypes.ConferenceXml, ServerMessageWriter.Write(p)))];
            (_bytesMax, _revision) = (bytesMax, state.Revision);
            return (_revision, _bodies);
        }
    }

    private bool IsStillGood(long head)
    {
        if (_revision < 0 || head - _revision > conference.Options.SnapshotReuseEvents) return false;
        lock (conference.Gate) return conference.Window.Covers(_revision);
    }
}
