using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Rules;

public class DocumentRulesTests
{
    [Fact]
    public void ShareDocument_BeyondLimits_IsRefused()
    {
        var driver = Shared(new FocusOptions { DocumentsMax = 2, PagesPerDocumentMax = 10 });
        driver.Refuse(RefuseReason.DocumentExists, Chair, new ShareDocument("d", "again", 1));
        driver.Refuse(RefuseReason.PageOutOfRange, Chair, new ShareDocument("e", "e", 0));
        driver.Refuse(RefuseReason.TooLarge, Chair, new ShareDocument("e", "e", 11));
        driver.Refuse(RefuseReason.TooLarge, Chair, new ShareDocument("e", new string('n', 257), 1));
        driver.Refuse(RefuseReason.NotValid, Chair, new ShareDocument("../e", "e", 1));
        driver.Accept(Chair, new ShareDocument("e", "e", 10));
        driver.Refuse(RefuseReason.TooManyDocuments, Chair, new ShareDocument("f", "f", 1));
    }

    [Fact]
    public void SharePage_ThatDoesNotFit_IsRefused()
    {
        var driver = Shared(new FocusOptions { PageBytesMax = 2_000 });
        driver.Accept(Chair, new SetRole(Ann, Role.Presenter));
        driver.Refuse(RefuseReason.NotSharer, Ann, Share(PageTwo));
        driver.Refuse(RefuseReason.UnknownDocument, Chair, Share(new PageRef("x", 1)));
        driver.Refuse(RefuseReason.PageOutOfRange, Chair, Share(new PageRef("d", 0)));
        driver.Refuse(RefuseReason.PageOutOfRange, Chair, Share(new PageRef("d", 4)));
        driver.Refuse(RefuseReason.TooLarge, Chair, Share(PageTwo, Content(1, 2_001)));
        driver.Refuse(RefuseReason.PageChanged, Chair, Share(PageOne, Content(9)));
        driver.Done(Chair, Share(PageOne));
        var page = Share(PageTwo);
        driver.Refuse(RefuseReason.DigestMismatch, Chair, page with { Content = Content(7) });
        driver.Refuse(RefuseReason.DigestMismatch, Chair, page with { Content = page.Content[1..] });
        driver.Refuse(RefuseReason.DigestMismatch, Chair, page with { Page = page.Page with { ContentBytes = 99 } });
        driver.Refuse(RefuseReason.NotValid, Chair, page with { Page = page.Page with { PixelWidth = 0 } });
        driver.Refuse(RefuseReason.NotValid, Chair, page with { Page = page.Page with { MediaType = "text/html" } });
        driver.Refuse(RefuseReason.NotValid, Chair, page with { Page = page.Page with { Digest = "ABC" } });
        driver.Refuse(RefuseReason.PartMismatch, Chair, page with { Part = 0 });
        driver.Refuse(RefuseReason.PartMismatch, Chair, page with { Part = 3, Parts = 2 });
        driver.Refuse(RefuseReason.PartMismatch, Chair, page with { Parts = 100_000 });
        driver.Accept<PageShared>(Chair, page);
        Assert.NotNull(driver.State.FindPage(PageTwo));
    }

    [Fact]
    public void SharePage_WithHeaderCheck_MustBeWhatItSays()
    {
        var driver = new RulesDriver(new FocusOptions { ChecksImageHeaders = true });
        driver.Accept(Chair, Create());
        driver.Accept(Chair, new ShareDocument("d", "d", 2));
        driver.Refuse(RefuseReason.NotValid, Chair, Share(PageOne));
        byte[] png =
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 2, 0x80, 0, 0, 1,
            0xE0, 8, 2, 0, 0, 0,
        ];
        driver.Accept<PageShared>(Chair, Share(PageOne, png));
        png[19] = 0x81;
        driver.Refuse(RefuseReason.NotValid, Chair, Share(PageTwo, png));
    }

    [Fact]
    public void SharePage_OfALostPage_IsTakenAgain()
    {
        var driver = Shared();
        driver.Lost = [driver.State.FindPage(PageOne)!.Digest];
        driver.Refuse(RefuseReason.PageMissing, Ann, new FetchPage(PageOne));
        driver.Accept<PageShared>(Chair, Share(PageOne, Content(99)));
        Assert.Equal(ContentDigest.OfHex(Content(99)), driver.State.FindPage(PageOne)!.Digest);
    }

    [Fact]
    public void SharePage_PartOfOne_IsKept() =>
        Assert.IsType<Decision.KeepPart>(Shared().Try(Chair, Part(PageTwo, Content(2), 1, 3)));

    [Fact]
    public void Fetch_FindsCachedPagesOnly()
    {
        var driver = Shared();
        Assert.Equal(PageOne, Assert.IsType<Decision.SendPage>(driver.Try(Bob, new FetchPage(PageOne))).Page.Page);
        driver.Refuse(RefuseReason.PageMissing, Bob, new FetchPage(PageTwo));
        driver.Refuse(RefuseReason.PageOutOfRange, Bob, new FetchPage(new PageRef("d", -1)));
        driver.Refuse(RefuseReason.UnknownDocument, Bob, new FetchPage(new PageRef("nope", 1)));
    }

    [Fact]
    public void Close_TakesPagesMarksAndHistoryAlong()
    {
        var driver = Shared();
        driver.Accept(Ann, Draw("a"));
        driver.Accept(Chair, new TurnPage(PageOne));
        driver.Refuse(RefuseReason.NoRight, Ann, new CloseDocument("d"));
        driver.Refuse(RefuseReason.UnknownDocument, Chair, new CloseDocument("x"));
        driver.Accept<DocumentClosed>(Chair, new CloseDocument("d"));
        Assert.Empty(driver.State.Boards);
        Assert.Null(driver.State.CurrentPage);
        driver.Refuse(RefuseReason.NothingToUndo, Ann, new Undo());
        driver.Accept(Chair, new ShareDocument("d", "new", 1));
        Assert.Null(driver.State.FindPage(PageOne));
    }
}
