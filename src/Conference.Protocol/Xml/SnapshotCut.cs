using System.Collections.Immutable;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Fills one part after the other. Every item is measured by writing it.</summary>
internal sealed class SnapshotCut : IDisposable
{
    private readonly int _bytesMax;
    private readonly int _headBytes;
    private readonly PooledBuffer _scratch = new(4_096);
    private readonly Snapshot _empty;
    private readonly List<Snapshot> _done = [];
    private readonly List<RosterEntry> _roster = [];
    private readonly List<RaisedHand> _hands = [];
    private readonly List<DocumentState> _documents = [];
    private readonly List<BoardState> _boards = [];
    private int _bytes;

    internal SnapshotCut(Snapshot whole, int bytesMax)
    {
        _bytesMax = bytesMax;

        // Measured with the longest part numbers that can be.
        _empty = whole with
        {
            Roster = [], Requests = [], Documents = [], Boards = [], Part = int.MaxValue, Parts = int.MaxValue,
        };
        _headBytes = Measure(xml => SnapshotXml.Head(xml, _empty)) + "></snapshot>".Length;
        _bytes = _headBytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();

    internal void Add(RosterEntry member)
    {
        Take(Measure(xml => xml.Member(member)));
        _roster.Add(member);
    }

    internal void Add(RaisedHand hand)
    {
        Take(Measure(xml => SnapshotXml.Hand(xml, hand)));
        _hands.Add(hand);
    }

    internal void Add(DocumentState document)
    {
        var head = document with { Pages = [] };
        var headBytes = Measure(xml => SnapshotXml.StartDocument(xml, head)) + "></document>".Length;
        AddSlices(
            headBytes, document.Pages, (xml, page) => xml.Cached(page),
            pages => _documents.Add(head with { Pages = pages }));
    }

    internal void Add(BoardState board)
    {
        var head = board with { Marks = [] };
        var headBytes = Measure(xml => SnapshotXml.StartBoard(xml, head)) + "></board>".Length;
        AddSlices(
            headBytes, board.Marks, (xml, mark) => xml.Placed("mark", mark),
            marks => _boards.Add(head with { Marks = marks }));
    }

    internal ImmutableArray<Snapshot> Finish()
    {
        EndPart();
        var parts = ImmutableArray.CreateBuilder<Snapshot>(_done.Count);
        foreach (var part in _done) parts.Add(part with { Part = parts.Count + 1, Parts = _done.Count });
        return parts.MoveToImmutable();
    }

    /// <summary>Adds a list that may go on in the next part, where its head is repeated.</summary>
    private void AddSlices<T>(
        int headBytes, ImmutableArray<T> items, Action<Utf8XmlWriter, T> write, Action<ImmutableArray<T>> add)
    {
        var slice = ImmutableArray.CreateBuilder<T>();
        foreach (var item in items)
        {
            var bytes = Measure(xml => write(xml, item));
            if (slice.Count > 0 && _bytes + bytes > _bytesMax)
            {
                add(slice.DrainToImmutable());
                EndPart();
            }

            Take(slice.Count == 0 ? headBytes + bytes : bytes);
            slice.Add(item);
        }

        if (items.IsEmpty) Take(headBytes);
        add(slice.DrainToImmutable());
    }

    private void Take(int bytes)
    {
        if (_bytes > _headBytes && _bytes + bytes > _bytesMax) EndPart();
        _bytes += bytes;
    }

    private void EndPart()
    {
        _done.Add(_empty with
        {
            Roster = [.. _roster], Requests = [.. _hands], Documents = [.. _documents], Boards = [.. _boards],
        });
        _roster.Clear();
        _hands.Clear();
        _documents.Clear();
        _boards.Clear();
        _bytes = _headBytes;
    }

    private int Measure(Action<Utf8XmlWriter> write)
    {
        _scratch.Clear();
        write(new Utf8XmlWriter(_scratch));
        return _scratch.WrittenCount;
    }
}
