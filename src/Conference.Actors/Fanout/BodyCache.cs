using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Conference.Actors.Fanout;

/// <summary>Encodes each batch once, however many participants get it. The conference's gate guards it.</summary>
internal sealed class BodyCache
{
    // In steady state there is one batch at a time, plus one for its author; eight let those lag who are a bit behind.
    private const int Size = 8;

    [ThreadStatic]
    private static List<ReadOnlyMemory<byte>>? t_fragments;

    private (Key Key, EventBatch? Batch)[] _batches = [];
    private int _next;
    private bool _isNew;

    /// <summary>What makes a batch what it is.</summary>
    /// <param name="From">First revision.</param>
    /// <param name="To">Last revision.</param>
    /// <param name="Without">Whose events are left out; default for nobody's.</param>
    internal readonly record struct Key(long From, long To, ParticipantUri Without);

    /// <summary>The encoded batch, made now if it was not made before.</summary>
    internal EventBatch Get(ConferenceUri conference, in Key key, EventWindow window)
    {
        foreach (ref var slot in _batches.AsSpan())
        {
            if (slot.Batch is { } batch && slot.Key == key) return batch;
        }

        var made = Encode(conference, key, window);
        if (_batches.Length == 0) _batches = new (Key, EventBatch?)[Size];
        _isNew = true;
        _batches[_next] = (key, made);
        _next = (_next + 1) % Size;
        return made;
    }

    /// <summary>Drops all bodies when none was made since the last time.</summary>
    /// <returns>Whether there are any left.</returns>
    internal bool Age()
    {
        if (!_isNew) _batches = [];
        _isNew = false;
        return _batches.Length > 0;
    }

    private static EventBatch Encode(ConferenceUri conference, in Key key, EventWindow window)
    {
        var fragments = t_fragments ??= [];
        fragments.Clear();
        var bytes = 0;
        var needsContent = false;
        var authors = ImmutableArray.CreateBuilder<ParticipantUri>(1);
        for (var revision = key.From; revision <= key.To; revision++)
        {
            ref readonly var entry = ref window[revision];
            if (entry.IsKnownToAuthor && !authors.Contains(entry.Author)) authors.Add(entry.Author);
            if (entry.IsKnownTo(key.Without) || IsSuperseded(entry, window)) continue;
            needsContent |= entry.Content is not null;
            fragments.Add(entry.Fragment);
            bytes += entry.Fragment.Length;
        }

        var to = new ArrayBufferWriter<byte>(bytes + 512);
        NotificationWriter.Write(
            to, conference, key.From, key.To, CollectionsMarshal.AsSpan(fragments));
        fragments.Clear();
        return new EventBatch(
            key.From, key.To, new EncodedBody(MediaTypes.ConferenceXml, to.WrittenMemory), window[key.To].PublishedAt,
            authors.ToImmutable(), needsContent);
    }

    /// <summary>A turn that a later one replaces need not be shown any more (R4). Its revision stays in the range.
    /// </summary>
    internal static bool IsSuperseded(in EventWindow.Entry entry, EventWindow window) =>
        entry.Revision < window.LastTurn && entry.Body is PageTurned;
}
