using System.Collections.Immutable;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Conference.Actors.Fanout;

/// <summary>The newest pointer position of each author. Volatile: never stored, dropped first. Guarded by the
/// conference's gate.</summary>
internal sealed class PointerBoard(int pointersMax)
{
    private Dictionary<ParticipantUri, (long Number, PointerPosition Position)>? _pointers;

    // The body that most are sent: all that moved since a number, by nobody who is asking.
    private (long Since, long Newest, EncodedBody? Body) _last;

    /// <summary>Number of the newest movement; 0 for none.</summary>
    internal long Newest { get; private set; }

    internal void Move(PointerPosition position)
    {
        var pointers = _pointers ??= [];
        if (!pointers.ContainsKey(position.Participant) && pointers.Count >= pointersMax)
        {
            var oldest = pointers.MinBy(p => p.Value.Number).Key;
            pointers.Remove(oldest);
            FanoutMetrics.PointerOverflow.Inc();
        }

        pointers[position.Participant] = (++Newest, position);
    }

    /// <summary>What moved after a number, without the asker's own pointer; null for nothing.</summary>
    internal EncodedBody? Since(long number, ParticipantUri asker, ConferenceUri conference, out long newest)
    {
        newest = Newest;
        if (number >= Newest || _pointers is not { } pointers) return null;
        var isAuthor = pointers.TryGetValue(asker, out var own) && own.Number > number;
        if (!isAuthor && _last.Body is not null && _last.Since == number && _last.Newest == Newest) return _last.Body;
        var moved = pointers.Values
            .Where(p => p.Number > number && p.Position.Participant != asker)
            .OrderBy(p => p.Number)
            .Select(p => p.Position)
            .ToImmutableArray();
        if (moved.IsEmpty) return null;
        var body = new EncodedBody(
            MediaTypes.ConferenceXml, ServerMessageWriter.Write(new PointersMoved(conference, moved)));
        if (!isAuthor) _last = (number, Newest, body);
        return body;
    }
}
