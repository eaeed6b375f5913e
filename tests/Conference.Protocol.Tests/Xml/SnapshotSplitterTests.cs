using System.Collections.Immutable;
using CsCheck;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

public class SnapshotSplitterTests
{
    [Fact]
    public void Split_Any_FitsAndMergesBack() =>
        Gen.Select(Generated.Snapshot, Gen.Int[1, 20_000], Gen.Int[0, 1_000]).Sample(
            (snapshot, bytesMax, seed) =>
            {
                var parts = SnapshotSplitter.Split(snapshot, bytesMax);
                var written = parts.Select(ServerMessageWriter.Write).ToList();
                for (var i = 0; i < written.Count; i++)
                {
                    var bytes = written[i].Length;
                    Assert.True(bytes <= bytesMax || ItemsIn(parts[i]) <= 1, $"{bytes} > {bytesMax}");
                }

                var merger = new SnapshotMerger();
                Snapshot? whole = null;
                foreach (var part in written.OrderBy(part => HashCode.Combine(seed, part.Length)))
                {
                    Assert.Null(whole);
                    ServerMessageReader.TryRead(part, ProtocolLimits.Default, out var read, out _);
                    whole = merger.Add((Snapshot)read!);
                }

                Assert.Equal(Dump.Of(snapshot), Dump.Of(whole));
            },
            iter: 500);

    [Fact]
    public void Split_SmallSnapshot_IsOnePart()
    {
        var part = Assert.Single(SnapshotSplitter.Split(Empty(7), 1_024));
        Assert.Equal(Dump.Of(Empty(7)), Dump.Of(part));
    }

    [Fact]
    public void Split_TenThousandMembers_FillsTheParts()
    {
        var roster = Enumerable.Range(0, 10_000).Select(i => new RosterEntry(
            ParticipantUri.Parse($"sip:member-{i}@example.org"), null, Role.Participant, Rights.Draw));
        var parts = SnapshotSplitter.Split(Empty(1) with { Roster = [.. roster] }, 60_000);
        var bytes = parts.Select(part => ServerMessageWriter.Write(part).Length).ToList();
        Assert.All(bytes, size => Assert.InRange(size, 1, 60_000));
        Assert.All(bytes.SkipLast(1), size => Assert.InRange(size, 59_000, 60_000));
    }

    [Fact]
    public void Merger_PartsOfTwoRevisions_KeepsTheNewer()
    {
        var old = Parts(7);
        var newer = Parts(8);
        var merger = new SnapshotMerger();
        Assert.Null(merger.Add(old[0]));
        Assert.Null(merger.Add(newer[1]));
        Assert.Null(merger.Add(old[1]));
        Assert.Null(merger.Add(newer[1]));
        Assert.Equal(8, merger.Add(newer[0])!.Revision);
        Assert.Equal(9, merger.Add(Empty(9))!.Revision);
    }

    private static int ItemsIn(Snapshot part) => part.Roster.Length + part.Requests.Length
        + part.Documents.Sum(document => Math.Max(1, document.Pages.Length))
        + part.Boards.Sum(board => Math.Max(1, board.Marks.Length));

    private static ImmutableArray<Snapshot> Parts(long revision) =>
        [Empty(revision) with { Part = 1, Parts = 2 }, Empty(revision) with { Part = 2, Parts = 2 }];

    private static Snapshot Empty(long revision) =>
        new(ConferenceUri.Parse("sip:c@b.c"), revision, "Subject", Rights.Draw, true, [], [], [], null, []);
}
