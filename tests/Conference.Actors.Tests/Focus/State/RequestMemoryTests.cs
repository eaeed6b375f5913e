using Conference.Actors.Focus;
using Xunit;

namespace Conference.Actors.Tests.Focus.State;

public class RequestMemoryTests
{
    [Fact]
    public void Ids_BeyondTheCount_AreForgottenOldestFirst()
    {
        var memory = Of(3, "a", "b", "c", "d");
        Assert.Equal(["b", "c", "d"], memory.OldestFirst.Select(each => each.Key));
        Assert.Equal([2L, 3, 4], memory.OldestFirst.Select(each => each.Value.Revision));
        Assert.False(memory.TryFind("a", out _));
        Assert.True(memory.TryFind("b", out var found));
        Assert.Equal(new RememberedRequest(2, 20), found);
        Assert.Equal((3, 4L), (memory.Count, memory.LatestRevision));
    }

    [Fact]
    public void Count_MadeSmaller_ForgetsTheOldestAtTheNext()
    {
        var memory = Of(10, "a", "b", "c", "d").With("e", new RememberedRequest(5, 0), countMax: 2);
        Assert.Equal(["d", "e"], memory.OldestFirst.Select(each => each.Key));
    }

    [Fact]
    public void Id_ThatIsThereAlready_TakesTheNewValueAndKeepsItsPlace()
    {
        var memory = Of(3, "a", "b").With("a", new RememberedRequest(9, 90), countMax: 3);
        Assert.Equal(["a", "b"], memory.OldestFirst.Select(each => each.Key));
        Assert.True(memory.TryFind("a", out var found));
        Assert.Equal((new RememberedRequest(9, 90), 9L), (found, memory.LatestRevision));
    }

    [Fact]
    public void Ids_CompareByteByByte()
    {
        var memory = Of(3, "a");
        Assert.False(memory.TryFind("A", out _));
        Assert.False(memory.TryFind("a\u200D", out _)); // equal to "a" in some cultures
    }

    [Fact]
    public void Memory_IsImmutable()
    {
        var before = Of(1, "a");
        _ = before.With("b", new RememberedRequest(2, 0), countMax: 1);
        Assert.True(before.TryFind("a", out _));
        Assert.Equal(0, RequestMemory.Empty.Count);
    }

    private static RequestMemory Of(int countMax, params string[] ids)
    {
        var memory = RequestMemory.Empty;
        for (var i = 1; i <= ids.Length; i++)
        {
            memory = memory.With(ids[i - 1], new RememberedRequest(i, (ulong)i * 10), countMax);
        }

        return memory;
    }
}
