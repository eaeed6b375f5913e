using Conference.Client.Pages;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Xunit;
using static Conference.Client.Tests.ModelData;

namespace Conference.Client.Tests.Pages;

public sealed class PartAssemblerTests
{
    [Fact]
    public void Parts_InAnyOrderAndTwice_GiveTheWhole()
    {
        var assembler = new PartAssembler();
        var page = Describe([1, 2, 3, 4, 5]);

        Assert.Null(assembler.Add(Part(page, 3, 3, [5])));
        Assert.Null(assembler.Add(Part(page, 1, 3, [1, 2])));
        Assert.Null(assembler.Add(Part(page, 1, 3, [1, 2])));
        Assert.Equal([1, 2, 3, 4, 5], assembler.Add(Part(page, 2, 3, [3, 4])));
    }

    [Fact]
    public void Page_InOneMessage_IsWholeAtOnce() =>
        Assert.Equal([9], new PartAssembler().Add(Part(Describe([9]), 1, 1, [9])));

    [Fact]
    public void Part_WithImpossibleNumber_IsNoPart()
    {
        var assembler = new PartAssembler();

        Assert.Null(assembler.Add(Part(Describe([9]), 3, 2, [9])));
        Assert.Null(assembler.Add(Part(Describe([9]), 0, 2, [9])));
    }

    [Fact]
    public void Pages_BeyondTheLimit_ForgetTheOldest()
    {
        var assembler = new PartAssembler(pagesMax: 1);
        var first = Describe([1, 2]);
        assembler.Add(Part(first, 1, 2, [1]));
        assembler.Add(Part(Describe([3, 4]), 1, 2, [3]));

        Assert.Null(assembler.Add(Part(first, 2, 2, [2])));
        Assert.Equal([1, 2], assembler.Add(Part(first, 1, 2, [1])));
    }

    [Fact]
    public void Parts_LargerThanTheirPage_AreForgotten()
    {
        var assembler = new PartAssembler();
        var page = Describe([1, 2, 3]);
        assembler.Add(Part(page, 1, 3, [1, 2]));

        Assert.Null(assembler.Add(Part(page, 2, 3, [3, 4])));

        Assert.Null(assembler.Add(Part(page, 3, 3, [3])));
        Assert.Null(assembler.Add(Part(page, 2, 3, [2])));
        Assert.Equal([1, 2, 3], assembler.Add(Part(page, 1, 3, [1])));
    }

    [Fact]
    public void Page_BegunAnewWithOtherParts_IsTheLatestBegun()
    {
        var assembler = new PartAssembler(pagesMax: 2);
        var first = Describe([1, 2]);
        assembler.Add(Part(first, 1, 2, [1]));
        assembler.Add(Part(Describe([3, 4]), 1, 2, [3]));
        assembler.Add(Part(first, 1, 3, [1]));
        assembler.Add(Part(Describe([5, 6]), 1, 2, [5]));

        assembler.Add(Part(first, 2, 3, []));

        Assert.Equal([1, 2], assembler.Add(Part(first, 3, 3, [2])));
    }

    private static PageContent Part(PageDescriptor page, int part, int parts, byte[] content) =>
        new(Here, page, part, parts, content, null, null);
}
