using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Rules;

public class EventSizeTests
{
    [Theory]
    [InlineData(MarkKind.Freehand)]
    [InlineData(MarkKind.Text)]
    [InlineData(MarkKind.Image)]
    public void SizeOfAChange_LiesBetweenItsBounds(MarkKind kind)
    {
        var mark = Line(new string('m', 64)) with
        {
            Kind = kind, Points = [.. Enumerable.Repeat(new PagePoint(PagePoint.Max, PagePoint.Max), 300)],
            Text = kind == MarkKind.Text ? new string('"', 500) + new string('&', 500) + "\r\n\t第" : null,
            Image = kind == MarkKind.Image ? new MarkImage("image/jpeg", [.. Content(1, 1_000)]) : null,
            Color = 0x12345678, Width = 10_000,
        };
        var owner = ParticipantUri.Parse("sip:" + new string('o', 100) + "&@example.com");
        Assert.InRange(BytesOf(mark, owner), EventSize.LeastOf(mark), EventSize.MostOf(Put(mark, owner)));
        var small = mark with { Points = [default, default], Text = kind == MarkKind.Text ? "x" : null };
        Assert.InRange(BytesOf(small, Ann), EventSize.LeastOf(small), EventSize.MostOf(Put(small, Ann)));

        static PutMark Put(Mark mark, ParticipantUri owner) => new(new PlacedMark(mark, owner, long.MaxValue));

        static int BytesOf(Mark mark, ParticipantUri owner)
        {
            var with = new BoardChanged(PageOne, BoardChangeCause.Undo, [Put(mark, owner)], "0");
            var without = with with { Changes = [] };
            return Bytes(with) - Bytes(without);
        }

        static int Bytes(EventBody body) => EventWriter.WriteFragment(new(1, Chair, "r", Start, body)).Length;
    }
}
