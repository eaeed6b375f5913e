using Conference.Actors.Fanout;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class ContentSetTests
{
    private readonly ContentNumbers _numbers = new();

    [Fact]
    public void Set_HoldsWhatWasAddedToIt_AndNothingOfOthers()
    {
        var (one, other) = (new ContentSet(_numbers), new ContentSet(_numbers));
        for (var i = 0; i < 200; i++) (i % 3 == 0 ? one : other).Add($"digest{i}");

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(i % 3 == 0, one.Contains($"digest{i}"));
            Assert.Equal(i % 3 != 0, other.Contains($"digest{i}"));
        }

        Assert.False(one.Contains("unknown"));
    }

    [Fact]
    public void MoreContentsThanAreRemembered_BeginAnew_AndAreNeverMistakenForOthers()
    {
        var early = new ContentSet(_numbers);
        early.Add("digest0");
        var late = new ContentSet(_numbers);
        for (var i = 1; i <= ContentNumbers.CountMax; i++) late.Add($"digest{i}");

        // The last one has the number that digest0 had.
        Assert.True(late.Contains($"digest{ContentNumbers.CountMax}"));
        Assert.False(late.Contains("digest1"));
        Assert.False(early.Contains("digest0"));
        Assert.False(early.Contains($"digest{ContentNumbers.CountMax}"));
        early.Add("digest0");
        Assert.True(early.Contains("digest0"));
        Assert.False(early.Contains($"digest{ContentNumbers.CountMax}"));
    }
}
