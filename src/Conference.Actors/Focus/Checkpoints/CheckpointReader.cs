using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>Reads the fields of <see cref="CheckpointCodec"/>, in its order.</summary>
internal sealed class CheckpointReader(BinaryReader from)
{
    private PlacedMark[] _marks = [];

    internal ConferenceState Read(StateLimits limits)
    {
        var state = new ConferenceState
        {
            Uri = ConferenceUri.Parse(from.ReadString()),
            Revision = from.ReadInt64(),
            Subject = OptionalText(),
            DefaultRights = (Rights)from.ReadByte(),
            IsOpen = from.ReadBoolean(),
            CreatedAt = Time(),
            ChangedAt = Time(),
            HasEnded = from.ReadBoolean(),
            Roster = Conference.Actors.Focus.Roster.Of(All(Member)),
            RaisedHands = [.. All(() => new RaisedHand(Participant(), (Rights)from.ReadByte()))],
            Documents = All(Document).ToImmutableDictionary(document => document.DocumentId),
            CurrentPage = from.ReadBoolean() ? Page() : null,
            Limits = limits,
        };
        _marks = All(Mark);
        var boards = All(() => KeyValuePair.Create(Page(), Board()));
        return state with
        {
            Boards = boards.ToImmutableDictionary(),
            MarkBytes = boards.ToImmutableDictionary(
                board => board.Key, board => board.Value.Marks.Values.Sum(PageEdit.WeightOf)),
            Histories = All(() => KeyValuePair.Create(
                Participant(), new UndoHistory([.. All(Edit)], [.. All(Edit)]))).ToImmutableDictionary(),
            AwaitedTurns = [.. All(Turn)],
            AwaitedSaves = [.. All(() => new AwaitedSave(Participant(), from.ReadString(), from.ReadInt64(), Time()))],
            Requests = All(() => KeyValuePair.Create(Participant(), Memory(limits))).ToImmutableDictionary(),
        };
    }

    private T[] All<T>(Func<T> read)
    {
        var count = from.Read7BitEncodedInt();
        // An item takes a byte at least: a damaged count cannot make a huge array.
        if (count < 0 || count > from.BaseStream.Length - from.BaseStream.Position)
        {
            throw new FormatException($"A list of {count}");
        }

        var items = new T[count];
        for (var i = 0; i < count; i++) items[i] = read();
        return items;
    }

    private string? OptionalText() => from.ReadBoolean() ? from.ReadString() : null;

    private DateTimeOffset Time() => new(from.ReadInt64(), TimeSpan.Zero);

    private ParticipantUri Participant() => ParticipantUri.Parse(from.ReadString());

    private PageRef Page() => new(from.ReadString(), from.Read7BitEncodedInt());

    private RosterEntry Member() => new(
        Participant(), OptionalText(), (Role)from.ReadByte(), (Rights)from.ReadByte(), from.ReadBoolean());

    private SharedDocument Document()
    {
        var id = from.ReadString();
        return new SharedDocument(
            id, from.ReadString(), from.Read7BitEncodedInt(), Participant(), from.ReadInt64(),
            All(() => Known(id)).ToImmutableDictionary(known => known.Descriptor.Page.Number));
    }

    private KnownPage Known(string documentId) => new(
        new PageDescriptor(
            new PageRef(documentId, from.Read7BitEncodedInt()), from.Read7BitEncodedInt(), from.Read7BitEncodedInt(),
            from.ReadString(), from.Read7BitEncodedInt(), from.ReadString()),
        from.ReadBoolean());

    private PlacedMark Mark()
    {
        var owner = Participant();
        var order = from.ReadInt64();
        var mark = new Mark
        {
            Id = from.ReadString(),
            Kind = (MarkKind)from.ReadByte(),
            Color = from.ReadUInt32(),
            Width = from.Read7BitEncodedInt(),
            Points = [.. All(() => new PagePoint(from.Read7BitEncodedInt(), from.Read7BitEncodedInt()))],
            Text = OptionalText(),
            Image = OptionalText() is { } mediaType ? new MarkImage(mediaType, Bytes()) : null,
        };
        return new PlacedMark(mark, owner, order);
    }

    private Board Board()
    {
        if (!BoardDigest.TryParse(from.ReadString(), out var digest)) throw new FormatException("board digest");
        return new Board(
            All(() => _marks[from.Read7BitEncodedInt()]).ToImmutableDictionary(placed => placed.Mark.Id), digest);
    }

    private ImmutableArray<byte> Bytes()
    {
        var count = from.Read7BitEncodedInt();
        var bytes = from.ReadBytes(Math.Max(0, count));
        return bytes.Length == count ? [.. bytes] : throw new FormatException($"{count} bytes");
    }

    private PageEdit Edit() => new(Page(), [.. All(() => new MarkEdit(from.ReadString(), Numbered(), Numbered()))]);

    private PlacedMark? Numbered() => from.Read7BitEncodedInt() is var number and > 0 ? _marks[number - 1] : null;

    private AwaitedTurn Turn() => new(Page(), Participant(), from.ReadString(), from.ReadInt64(), Time());

    private RequestMemory Memory(StateLimits limits)
    {
        var memory = RequestMemory.Empty;
        foreach (var (id, request) in All(() => (from.ReadString(), new RememberedRequest(
            from.ReadInt64(), from.ReadUInt64()))))
        {
            memory = memory.With(id, request, limits.RememberedRequestsMax);
        }

        return memory;
    }
}
