using Conference.Client.Pages;
using Xunit;
using static Conference.Client.Tests.ModelData;

namespace Conference.Client.Tests.Pages;

public sealed class PageStoreTests
{
    [Fact]
    public void Content_WithItsDigest_IsKept()
    {
        var store = new PageStore(1000);

        Assert.True(store.TryAdd(Describe([1, 2, 3]), [1, 2, 3]));

        Assert.True(store.TryGet(Describe([1, 2, 3]).Digest, out var content));
        Assert.Equal([1, 2, 3], content.ToArray());
    }

    [Fact]
    public void Content_WithOtherDigestOrSize_IsNotKept()
    {
        var store = new PageStore(1000);
        var page = Describe([1, 2, 3]);

        Assert.False(store.TryAdd(page, [1, 2, 4]));
        Assert.False(store.TryAdd(page, [1, 2]));
        Assert.False(store.Contains(page.Digest));
    }

    [Fact]
    public void Content_BeyondTheLimit_DropsWhatCameFirst()
    {
        var store = new PageStore(10);
        store.TryAdd(Describe([1, 1, 1, 1, 1, 1]), [1, 1, 1, 1, 1, 1]);

        store.TryAdd(Describe([2, 2, 2, 2, 2, 2]), [2, 2, 2, 2, 2, 2]);

        Assert.False(store.Contains(Describe([1, 1, 1, 1, 1, 1]).Digest));
        Assert.True(store.Contains(Describe([2, 2, 2, 2, 2, 2]).Digest));
        Assert.Equal(1, store.DroppedCount);
    }
}
