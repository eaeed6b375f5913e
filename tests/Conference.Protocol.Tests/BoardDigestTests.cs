using CsCheck;
using Xunit;

namespace Conference.Protocol.Tests;

public class BoardDigestTests
{
    [Fact]
    public void Empty_Text_IsZeros() => Assert.Equal(new string('0', 64), BoardDigest.Empty.ToString());

    [Fact]
    public void Toggle_Twice_IsAsBefore() => Generated.Placed.Sample(
        placed => Assert.Equal(BoardDigest.Empty, BoardDigest.Empty.Toggle(placed).Toggle(placed)));

    [Fact]
    public void Of_AnyOrder_IsTheSame() => Generated.Placed.Array[0, 10].Sample(
        marks => Assert.Equal(BoardDigest.Of(marks), BoardDigest.Of(marks.Reverse())));

    [Fact]
    public void TryParse_Written_ReadsBack() => Generated.Placed.Sample(placed =>
    {
        var digest = BoardDigest.Empty.Toggle(placed);
        Assert.True(BoardDigest.TryParse(digest.ToString(), out var read));
        Assert.Equal(digest, read);
        Assert.Equal(Convert.ToHexStringLower(BoardDigest.OfMark(placed)), digest.ToString());
    });

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    public void TryParse_NotADigest_IsFalse(string text) => Assert.False(BoardDigest.TryParse(text, out _));

    [Fact]
    public void OfMark_AnyFieldChanged_Differs()
    {
        var placed = new PlacedMark(
            new Mark { Id = "m", Kind = MarkKind.Text, Points = [new(1, 2), new(3, 4)], Text = "t" },
            ParticipantUri.Parse("sip:a@b.c"), 65_536);
        PlacedMark[] others =
        [
            placed with { Order = 65_537 },
            placed with { Owner = ParticipantUri.Parse("sip:b@b.c") },
            placed with { Mark = placed.Mark with { Id = "n" } },
            placed with { Mark = placed.Mark with { Kind = MarkKind.Line } },
            placed with { Mark = placed.Mark with { Points = [new(1, 2), new(3, 5)] } },
            placed with { Mark = placed.Mark with { Points = [new(12, 3), new(4, 5)] } },
            placed with { Mark = placed.Mark with { Color = 1 } },
            placed with { Mark = placed.Mark with { Width = 201 } },
            placed with { Mark = placed.Mark with { Text = "u" } },
            placed with { Mark = placed.Mark with { Image = new MarkImage("image/png", [1]) } },
            placed with { Mark = placed.Mark with { Image = new MarkImage("image/jpeg", [1]) } },
            placed with { Mark = placed.Mark with { Image = new MarkImage("image/png", [2]) } },
        ];
        var digests = others.Append(placed).Select(one => BoardDigest.Empty.Toggle(one)).ToList();
        Assert.Equal(digests.Count, digests.Distinct().Count());
    }
}
