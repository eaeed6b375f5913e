using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Actor;

public class PageAssemblyTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly PageAssembly _assembly = new(new FocusOptions { PageBytesMax = 2_000, PartBytesMax = 2_000 });

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(3, 1, 2)]
    [InlineData(2, 3, 1)]
    public void Parts_InAnyOrder_GiveTheWholeAtTheLast(int first, int second, int third)
    {
        var content = Content(1, 1_000);
        Assert.Null(Take(Part(PageOne, content, first, 3)));
        Assert.Null(Take(Part(PageOne, content, second, 3)));
        var whole = Take(Part(PageOne, content, third, 3))!;
        Assert.Equal((1, 1), (whole.Part, whole.Parts));
        Assert.Equal(content, whole.Content.ToArray());
        Assert.Equal(Describe(PageOne, content), whole.Page);
    }

    [Fact]
    public void Whole_IsGivenAgainForARepeatedPart_UntilItIsReleased()
    {
        var content = Content(1, 1_000);
        Take(Part(PageOne, content, 1, 2));
        Assert.NotNull(Take(Part(PageOne, content, 2, 2)));
        Assert.NotNull(Take(Part(PageOne, content, 2, 2))); // its event could not be stored: the sharer sends again
        _assembly.Release(PageOne);
        Assert.Equal(0, _assembly.Bytes);
        Assert.Null(Take(Part(PageOne, content, 2, 2)));
    }

    [Fact]
    public void ContentIsCopied_TheBufferOfTheRequestIsUsedAgain()
    {
        var content = Content(1, 1_000);
        var buffer = Part(PageOne, content, 1, 2).Content.ToArray();
        Take(Part(PageOne, content, 1, 2) with { Content = buffer });
        Array.Clear(buffer);
        Assert.Equal(content, Take(Part(PageOne, content, 2, 2))!.Content.ToArray());
    }

    [Fact]
    public void OtherContentOrCut_IsAMismatch_AndChangesNothing()
    {
        var content = Content(1, 1_000);
        Take(Part(PageOne, content, 1, 2));
        Refuse(RefuseReason.PartMismatch, Part(PageOne, content, 1, 2) with { Content = Content(9, 500) });
        Refuse(RefuseReason.PartMismatch, Part(PageOne, content, 2, 2) with { Content = Content(1, 501) });
        Refuse(RefuseReason.PartMismatch, Part(PageOne, content, 2, 2) with { Content = default });
        Refuse(RefuseReason.PartMismatch, Part(PageOne, content, 2, 3));
        Assert.Equal(500, _assembly.Bytes);
        Assert.NotNull(Take(Part(PageOne, content, 2, 2)));
    }

    [Fact]
    public void BeyondItsBytes_RefusesUntilThereIsRoom()
    {
        Take(Part(PageOne, Content(1, 2_000), 1, 2));
        Take(Part(PageTwo, Content(2, 1_800), 1, 2));
        Refuse(RefuseReason.TooLarge, Part(PageOne, Content(1, 2_000), 2, 2));
        _assembly.Release(PageTwo);
        Assert.NotNull(Take(Part(PageOne, Content(1, 2_000), 2, 2)));
    }

    [Fact]
    public void PagesOfOnePart_AreGivenUpSomeTimeAfterTheLastOne()
    {
        var lifetime = new FocusOptions().PartLifetime;
        Assert.Null(_assembly.NextExpiry);
        Take(Part(PageOne, Content(1, 1_000), 1, 3), Start);
        Take(Part(PageTwo, Content(2, 900), 1, 3), Start + Second);
        Assert.Equal(Start + lifetime, _assembly.NextExpiry);
        Take(Part(PageOne, Content(1, 1_000), 2, 3), Start + (2 * Second));
        Assert.Equal(Start + Second + lifetime, _assembly.NextExpiry);
        _assembly.Expire(Start + Second + lifetime);
        Assert.Equal(668, _assembly.Bytes); // two parts of the first page; the second page is gone
        _assembly.Clear();
        Assert.Equal((0L, null), (_assembly.Bytes, _assembly.NextExpiry));
    }

    [Fact]
    public void DocumentThatIsClosed_LosesItsPartsAlone()
    {
        Take(Part(PageOne, Content(1, 1_000), 1, 2));
        Take(Part(PageTwo, Content(2, 1_000), 1, 2));
        Take(Part(new PageRef("e", 1), Content(3, 400), 1, 2));
        _assembly.ReleaseDocument("d");
        Assert.Equal(200, _assembly.Bytes);
    }

    [Fact]
    public void AClaimOfManyParts_CostsNoMemoryBeforeTheyCome()
    {
        var content = Content(1, 65);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 1; number <= 20; number++)
        {
            var page = new PageRef("d", number);
            Assert.Null(Take(new SharePage(Describe(page, content), 1, 65_536, content.AsMemory(0, 1))));
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000); // a place for each: 10 MB
    }

    private SharePage? Take(SharePage part, DateTimeOffset? now = null)
    {
        Assert.Null(_assembly.TryAdd(part, now ?? Start, out var whole));
        return whole;
    }

    private void Refuse(RefuseReason reason, SharePage part)
    {
        Assert.Equal(reason, _assembly.TryAdd(part, Start, out var whole));
        Assert.Null(whole);
    }
}
