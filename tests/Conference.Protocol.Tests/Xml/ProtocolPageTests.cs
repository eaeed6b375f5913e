using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

/// <summary>What docs/protocol.md shows and says is true.</summary>
public class ProtocolPageTests
{
    public static TheoryData<string> Examples => [.. ProtocolPage.Blocks("xml")];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_Any_IsValidAndReadAndWrittenBack(string xml)
    {
        Assert.Null(SchemaCheck.FirstFault(xml));
        var (record, written) = ReadAndWrite(Encoding.UTF8.GetBytes(xml));
        Assert.Null(SchemaCheck.FirstFault(Encoding.UTF8.GetString(written)));
        Assert.Equal(Dump.Of(record), Dump.Of(ReadAndWrite(written).Record));
    }

    [Fact]
    public void Examples_Together_ShowEveryRequestEventAndMessage()
    {
        var shown = ProtocolPage.Blocks("xml").Select(xml => ReadAndWrite(Encoding.UTF8.GetBytes(xml)).Record).ToList();
        var types = shown.Select(record => record is ConferenceRequest request ? request.Action : record)
            .Concat(shown.OfType<Notification>().SelectMany(one => one.Events).Select(one => one.Body))
            .Concat(shown.OfType<ConferenceRequest>().Select(request => request.Action).OfType<Operate>()
                .SelectMany(operate => operate.Operations))
            .Select(record => record.GetType()).ToHashSet();
        var closed = typeof(ConferenceRequest).Assembly.GetTypes().Where(type => !type.IsAbstract
            && (type.IsSubclassOf(typeof(RequestAction)) || type.IsSubclassOf(typeof(EventBody))
                || type.IsSubclassOf(typeof(ServerMessage)) || type.IsSubclassOf(typeof(MarkOperation))));
        Assert.Empty(closed.Where(type => !types.Contains(type)).Select(type => type.Name));
    }

    [Fact]
    public void Refusals_All_AreListedWithTheirStatus()
    {
        var all = ProtocolPage.LabelsIn("src", "Conference.Actors", "Focus", "RefuseReason.cs")
            .Concat(ProtocolPage.LabelsIn("src", "Conference.Protocol", "Xml", "ReadFault.cs")).ToList();
        Assert.True(all.Count > 50);
        Assert.DoesNotContain(all, one => !ProtocolPage.Text.Contains(
            $"| {one.Status} | `{one.Label}` |", StringComparison.Ordinal));
    }

    [Fact]
    public void Limits_All_AreAsListed()
    {
        var limits = ProtocolLimits.Default;
        Assert.Equal(1024 * 1024, limits.BodyBytesMax);
        string[] rows =
        [
            $"levels of elements | {limits.DepthMax} |", $"attributes of an element | {limits.AttributesMax} |",
            $"elements | {Count(limits.ElementsMax)} |", $"attribute | {limits.NameBytesMax} bytes |",
            $"tag | {limits.TagBytesMax / 1024} KiB |",
            $"as written | {limits.AttributeBytesMax / 1024} KiB |",
            $"reasons | {limits.LineCharactersMax} characters |",
            $"text mark | {Count(limits.TextCharactersMax)} characters |",
            $"one request | {Count(limits.MembersMax)} |",
            $"one operation | {Count(limits.MarksPerOperationMax)} |", $"one mark | {Count(limits.PointsPerMarkMax)} |",
            $"a mark | {limits.MarkImageBytesMax / 1024} KiB |", $"parts | {limits.PageBytesMax / 1024 / 1024} MiB |",
            $"a document | {Count(limits.PagesPerDocumentMax)} |", $"of a page | {Count(limits.PartsMax)} |",
        ];
        Assert.DoesNotContain(rows, row => !ProtocolPage.Text.Contains(row, StringComparison.Ordinal));
    }

    [Fact]
    public void BoardDigest_WorkedExample_IsWhatTheCodeGives()
    {
        var texts = ProtocolPage.Blocks("canonical");
        var digests = ProtocolPage.Blocks("digest");
        var board = ProtocolPage.Blocks("xml").Select(xml => ReadAndWrite(Encoding.UTF8.GetBytes(xml)).Record)
            .OfType<Snapshot>().First(snapshot => snapshot.Parts == 1).Boards[0];
        Assert.Equal(2, texts.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(texts[i], BoardDigest.CanonicalText(board.Marks[i]));
            Assert.Equal(digests[i], Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(texts[i]))));
        }

        Assert.Equal(digests[2], BoardDigest.Of(board.Marks).ToString());
        Assert.Equal(digests[2], board.BoardDigest);
    }

    [Fact]
    public void BoardChanges_InTheExamples_GiveTheDigestsInTheExamples()
    {
        var board = Board.Empty;
        foreach (var xml in ProtocolPage.Blocks("xml"))
        {
            if (ReadAndWrite(Encoding.UTF8.GetBytes(xml)).Record is not Notification notification) continue;
            foreach (var change in notification.Events.Select(one => one.Body).OfType<BoardChanged>())
            {
                board = board.Apply(change.Changes);
                Assert.Equal(change.BoardDigest, board.Digest.ToString());
            }
        }

        Assert.Single(board.Marks);
    }

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static (object Record, byte[] Written) ReadAndWrite(byte[] body)
    {
        if (RequestReader.TryRead(body, ProtocolLimits.Default, out var request, out var fault) == ReadOutcome.Ok)
        {
            return (request!, RequestWriter.Write(request!));
        }

        Assert.Equal(ReadFaultReason.UnknownRoot, fault!.Reason);
        ServerMessageReader.TryRead(body, ProtocolLimits.Default, out var message, out fault);
        Assert.Null(fault);
        return (message!, ServerMessageWriter.Write(message!));
    }
}
