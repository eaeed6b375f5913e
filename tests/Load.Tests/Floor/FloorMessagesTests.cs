using Load.Floor;
using Xunit;

namespace Load.Tests.Floor;

public sealed class FloorMessagesTests
{
    private const int Members = 3;

    private readonly FloorMessages _messages = new("UDP", bytesEach: 700, batch: 4);

    [Fact]
    public void Next_OfABatch_IsOneWholeMessagePerMemberAndEvent()
    {
        var batch = _messages.Next(first: 4, count: 4, Members).ToArray(); // The members of event 1 from the second on.

        Assert.Equal(4 * 700, batch.Length);
        Assert.Equal([(1, 2), (1, 3), (2, 1), (2, 2)], Enumerable.Range(0, 4).Select(i => Read(batch, i)));
    }

    [Fact]
    public void Next_OfABatch_HasABranchForEach()
    {
        var first = _messages.Next(0, 4, Members).ToArray();
        var second = _messages.Next(4, 4, Members).ToArray();
        var branches = Enumerable.Range(0, 4).SelectMany(i => new[] { Branch(first, i), Branch(second, i) });

        Assert.Equal(8, branches.Distinct().Count());
    }

    [Fact]
    public void New_WithTooFewBytesForTheHead_IsRefused() =>
        Assert.Throws<FormatException>(() => new FloorMessages("UDP", bytesEach: 200, batch: 1));

    private static (int Number, int Participant) Read(byte[] batch, int index)
    {
        ReadOnlySpan<byte> message = batch.AsSpan(index * 700, 700);
        var rest = message;
        Assert.True(Answer.TryNextMark(ref rest, out var number));
        Assert.False(Answer.TryNextMark(ref rest, out _));
        Assert.Equal(700, Answer.Frame(message));
        return (number, Participants.NumberOf(message));
    }

    private static int Branch(byte[] batch, int index) => Answer.Branch(batch.AsSpan(index * 700, 700));
}
