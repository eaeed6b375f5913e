using System.Collections.Immutable;
using Conference.Actors.Ports;

namespace Conference.Actors.Fanout;

/// <content>Cursors that have moved are stored once in a while, many in one write.</content>
internal sealed partial class ConferenceFanout
{
    private readonly List<Recipient> _dirty = []; // Cursors to be stored. Its own lock: taken inside all others.
    private int _flushesUnderWay; // Under the lock of _dirty.
    private bool _isStirred; // Under the lock of _dirty: the engine's flush loop knows of it.

    /// <summary>Whether no cursor is to be stored or being stored.</summary>
    internal bool HasStoredCursors
    {
        get
        {
            lock (_dirty) return _dirty.Count == 0 && _flushesUnderWay == 0;
        }
    }

    internal void NoteDirty(Recipient recipient)
    {
        lock (_dirty)
        {
            _dirty.Add(recipient);
            if (_isStirred) return;
            _isStirred = true;
        }

        Engine.Stir(this);
    }

    /// <summary>There is something that the engine's flush loop has to look after: cursors to be stored, or encoded
    /// bodies that nobody will ask for soon.</summary>
    internal void Stir()
    {
        lock (_dirty)
        {
            if (_isStirred) return;
            _isStirred = true;
        }

        Engine.Stir(this);
    }

    /// <summary>After a flush: drops encoded bodies that were not made lately.</summary>
    /// <returns>Whether nothing is left to look after.</returns>
    internal bool TrySettle()
    {
        var isKept = Snapshots.Age();
        lock (Gate)
        {
            if (Bodies.Age()) isKept = true;
            else Common = null;
        }

        lock (_dirty)
        {
            if (isKept || _dirty.Count > 0 || _flushesUnderWay > 0) return false;
            _dirty.Capacity = 0;
            _isStirred = false;
            return true;
        }
    }

    /// <summary>Stores moved cursors. One call at a time per conference (the engine's flush loop).</summary>
    internal async Task FlushCursorsAsync(CancellationToken cancel)
    {
        Recipient[] taken;
        lock (_dirty)
        {
            if (_dirty.Count == 0) return;
            taken = [.. _dirty];
            _dirty.Clear();
            _flushesUnderWay++;
        }

        try
        {
            foreach (var chunk in taken.Chunk(Options.CursorsPerWriteMax)) await WriteCursorsAsync(chunk, cancel);
        }
        finally
        {
            lock (_dirty) _flushesUnderWay--;
        }
    }

    private async Task WriteCursorsAsync(Recipient[] recipients, CancellationToken cancel)
    {
        var cursors = ImmutableArray.CreateBuilder<StoredCursor>(recipients.Length);
        var taken = new List<Recipient>(recipients.Length);
        foreach (var recipient in recipients)
        {
            if (!recipient.TryTakeDirtyCursor(out var cursor)) continue;
            cursors.Add(cursor);
            taken.Add(recipient);
        }

        try
        {
            // A stale epoch means that another owner keeps the cursors now.
            await Engine.Store.WriteCursorsAsync(Uri, Epoch, cursors.ToImmutable(), cancel);
            FanoutMetrics.CursorsStored.Inc(cursors.Count);
        }
        catch (Exception failure)
        {
            if (failure is not StoreUnavailableException) Engine.NoteCursorsFailed(Uri, failure);
            FanoutMetrics.CursorWriteFailures.Inc();
            foreach (var recipient in taken)
            {
                if (recipient.TryMarkCursorDirty()) NoteDirty(recipient); // Else it has moved since, and is listed.
            }
        }
    }
}
