using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public class PageBodiesTests
{
    private readonly PageBodies _bodies = new(bytesMax: 100);

    [Fact]
    public void UsedLongestAgo_LeavesFirst()
    {
        Add("a", 40);
        Add("b", 40);
        Assert.True(_bodies.TryGet(KeyOf("a"), out _));
        Add("c", 40);
        Assert.Equal([true, false, true], Has("a", "b", "c"));
    }

    [Fact]
    public void OneLargerThanAll_IsKeptUntilTheNextComes()
    {
        Add("a", 40);
        Add("large", 500);
        Assert.Equal([false, true], Has("a", "large"));
        Add("b", 40);
        Assert.Equal([false, true], Has("large", "b"));
        Add("c", 40);
        Assert.Equal([true, true], Has("b", "c")); // what left is not counted any more
    }

    [Fact]
    public void MadeTwiceAtOnce_TheFirstStaysAndCountsOnce()
    {
        var first = Add("a", 30, 30);
        Add("a", 30, 30);
        Assert.True(_bodies.TryGet(KeyOf("a"), out var found));
        Assert.Same(first, found);
        Add("b", 40);
        Assert.Equal([true, true], Has("a", "b"));
    }

    [Fact]
    public void FormsAndPlacesOfOneContent_AreApart()
    {
        Add("a", 10);
        Assert.False(_bodies.TryGet(KeyOf("a") with { PartBytes = 1_000 }, out _));
        Assert.False(_bodies.TryGet(KeyOf("a") with { Conference = "sip:conf-2@x" }, out _));
        Assert.False(_bodies.TryGet(KeyOf("a") with { Page = "d/2" }, out var none));
        Assert.Empty(none);
    }

    private static PageBodies.Key KeyOf(string digest) => new("sip:conf-1@x", digest, 0, "d/1");

    private EncodedBody[] Add(string digest, params int[] sizes)
    {
        EncodedBody[] bodies = [.. sizes.Select(size => new EncodedBody("x/y", new byte[size]))];
        _bodies.Add(KeyOf(digest), bodies);
        return bodies;
    }

    private IEnumerable<bool> Has(params string[] digests) =>
        [.. digests.Select(digest => _bodies.TryGet(KeyOf(digest), out _))];
}
