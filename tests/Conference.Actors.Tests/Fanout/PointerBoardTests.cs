using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Xunit;
using static Conference.Actors.Tests.Fanout.FanoutBench;

namespace Conference.Actors.Tests.Fanout;

public class PointerBoardTests
{
    private readonly PointerBoard _board = new(pointersMax: 3);

    [Fact]
    public void OnlyTheNewestOfEachAuthor_InTheOrderInWhichTheyMoved()
    {
        Move(1, 10);
        Move(2, 20);
        Move(1, 11);
        var body = _board.Since(0, Member(9), FanoutBench.Uri, out var newest);
        Assert.Equal([(Member(2), 20), (Member(1), 11)], Read(body));
        Assert.Equal(3, newest);
        Assert.Null(Since(newest, 9));
    }

    [Fact]
    public void OwnPointer_IsNotSentBack_AndTheOthersShareOneBody()
    {
        Move(1, 10);
        Move(2, 20);
        var first = Since(0, 8);
        Assert.Same(first, Since(0, 9));
        Assert.Equal([(Member(2), 20)], Read(Since(0, 1)));
        Assert.Same(first, Since(0, 9)); // an author's body does not take its place
        Move(2, 21);
        Assert.Equal([(Member(2), 21)], Read(Since(2, 9)));
    }

    [Fact]
    public void OwnMovementAlone_IsNothing_ButIsPassed()
    {
        Move(1, 10);
        Assert.Null(_board.Since(0, Member(1), FanoutBench.Uri, out var newest));
        Assert.Equal(1, newest);
    }

    [Fact]
    public void BeyondTheMost_TheOneLongestStillIsForgotten()
    {
        for (var i = 1; i <= 3; i++) Move(i, i);
        Move(1, 11);
        Move(4, 4);
        Assert.Equal(
            [(Member(3), 3), (Member(1), 11), (Member(4), 4)], Read(Since(0, 9)));
    }

    private EncodedBody? Since(long number, int asker) =>
        _board.Since(number, Member(asker), FanoutBench.Uri, out _);

    private void Move(int author, int x) =>
        _board.Move(new PointerPosition(Member(author), new PageRef("d", 1), new PagePoint(x, 0)));

    private static IEnumerable<(ParticipantUri Author, int X)> Read(EncodedBody? body)
    {
        Assert.Equal(ReadOutcome.Ok, ServerMessageReader.TryRead(
            body!.Bytes, ProtocolLimits.Default, out var message, out _));
        return Assert.IsType<PointersMoved>(message).Pointers.Select(each => (each.Participant, each.Point!.Value.X));
    }
}
