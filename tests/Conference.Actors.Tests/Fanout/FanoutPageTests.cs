using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class FanoutPageTests
{
    [Fact]
    public async Task SharedPage_ContentGoesBeforeItsEvent_NotToItsSharer()
    {
        await using var bench = new FanoutBench();
        await OpenWithDocumentAsync(bench, 3);

        var page = bench.SharePage(1, "d", 1, 10_000);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 3
            && bench.Links.Of(3).Revisions.LastOrDefault() == 3);

        var messages = bench.Links.Of(2).Messages.Skip(1).ToList();
        var content = Assert.IsType<PageContent>(messages[0]);
        Assert.Equal(bench.Store.Blobs[page.Digest], content.Content.ToArray());
        Assert.IsType<PageShared>(Assert.IsType<Notification>(messages[1]).Events.Single().Body);
        Assert.Empty(bench.Links.Of(1).Messages.OfType<PageContent>());
        Assert.Same(bench.Links.Of(2).Bodies[1], bench.Links.Of(3).Bodies[1]); // Encoded once.
    }

    [Fact]
    public async Task TurnToAPage_ThatTheMemberHas_SendsNoContentAgain()
    {
        await using var bench = new FanoutBench();
        await OpenWithDocumentAsync(bench, 2);
        var page = bench.SharePage(1, "d", 1, 1_000);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 3);

        bench.Publish(FanoutBench.Member(1), new PageTurned(page.Page));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 4);

        Assert.Single(bench.Links.Of(2).Messages.OfType<PageContent>());
    }

    [Fact]
    public async Task LateJoiner_GetsTheCurrentPage_AndOthersWhenTurnedTo()
    {
        await using var bench = new FanoutBench();
        await OpenWithDocumentAsync(bench, 1);
        var first = bench.SharePage(1, "d", 1, 1_000);
        var second = bench.SharePage(1, "d", 2, 1_000);
        bench.Publish(FanoutBench.Member(1), new PageTurned(first.Page));

        bench.Publish(
            FanoutBench.Member(2),
            new MembersJoined([new RosterEntry(FanoutBench.Member(2), null, Role.Participant, Rights.None)]));
        await bench.Links.UntilAsync(() => Contents(bench, 2).SequenceEqual([first.Digest]));
        bench.Publish(FanoutBench.Member(1), new PageTurned(second.Page));
        await bench.Links.UntilAsync(() => Contents(bench, 2).SequenceEqual([first.Digest, second.Digest]));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 7);

        bench.Publish(FanoutBench.Member(1), new PageTurned(first.Page));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 8);
        Assert.Equal(2, Contents(bench, 2).Count());
    }

    [Fact]
    public async Task Page_LargerThanThePath_TravelsInParts()
    {
        await using var bench = new FanoutBench();
        bench.Links.BodyBytesMax = 5_000;
        await OpenWithDocumentAsync(bench, 2);

        var page = bench.SharePage(1, "d", 1, 20_000);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 3);

        var parts = bench.Links.Of(2).Messages.OfType<PageContent>().ToList();
        Assert.True(parts.Count > 1);
        Assert.Equal(Enumerable.Range(1, parts.Count), parts.Select(p => p.Part));
        Assert.Equal(bench.Store.Blobs[page.Digest], parts.SelectMany(p => p.Content.ToArray()).ToArray());
        Assert.All(bench.Links.Of(2).Bodies, b => Assert.True(b.Bytes.Length <= 5_000));
    }

    [Fact]
    public async Task Page_ThatNeedsTooManyParts_TravelsByReference()
    {
        await using var bench = new FanoutBench();
        bench.Links.BodyBytesMax = 1_000;
        await OpenWithDocumentAsync(bench, 2);

        var page = bench.SharePage(1, "d", 1, 200_000);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 3);

        var content = Assert.Single(bench.Links.Of(2).Messages.OfType<PageContent>());
        Assert.Equal($"https://as.example/{page.Digest}", content.Href);
    }

    [Fact]
    public async Task Page_RefusedAsTooLarge_IsSentInSmallerForm()
    {
        await using var bench = new FanoutBench();
        await OpenWithDocumentAsync(bench, 2);
        bench.Links.Answer = (_, body) => body.Bytes.Length > 20_000
            ? new DeliveryResult(DeliveryOutcome.TooLarge, 513, null)
            : FakeLinks.Ok;

        bench.SharePage(1, "d", 1, 60_000);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 3);

        Assert.Contains(bench.Links.Of(2).Messages.OfType<PageContent>(), p => p.Parts > 1 || p.Href is not null);
    }

    [Fact]
    public async Task CurrentPageOfALateJoiner_RefusedAsTooLarge_IsSentInSmallerForm()
    {
        await using var bench = new FanoutBench();
        await OpenWithDocumentAsync(bench, 1);
        var page = bench.SharePage(1, "d", 1, 60_000);
        bench.Publish(FanoutBench.Member(1), new PageTurned(page.Page));
        bench.Links.Answer = (_, body) => body.Bytes.Length > 20_000
            ? new DeliveryResult(DeliveryOutcome.TooLarge, 513, null)
            : FakeLinks.Ok;

        bench.Publish(
            FanoutBench.Member(2),
            new MembersJoined([new RosterEntry(FanoutBench.Member(2), null, Role.Participant, Rights.None)]));

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Messages.OfType<PageContent>().LastOrDefault() is { } last
            && (last.Href is not null || (last.Parts > 1 && last.Part == last.Parts)));
    }

    [Fact]
    public async Task PageContent_ThatCannotBeRead_LetsTheEventThrough()
    {
        await using var bench = new FanoutBench();
        await OpenWithDocumentAsync(bench, 2);
        bench.Store.BlobFault = new InvalidOperationException("a bug");

        bench.SharePage(1, "d", 1, 1_000);

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 3);
        Assert.Empty(bench.Links.Of(2).Messages.OfType<PageContent>());
    }

    [Fact]
    public async Task PageContent_ThatIsGone_LetsTheEventThrough()
    {
        await using var bench = new FanoutBench();
        await OpenWithDocumentAsync(bench, 2);
        var page = new PageDescriptor(new PageRef("d", 1), 10, 10, "image/png", 10, new string('a', 64));

        bench.Publish(FanoutBench.Member(1), new PageShared(page));

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 3);
        Assert.Empty(bench.Links.Of(2).Messages.OfType<PageContent>());
    }

    [Fact]
    public async Task Fetch_SendsContentAgain()
    {
        await using var bench = new FanoutBench();
        await OpenWithDocumentAsync(bench, 2);
        var page = bench.SharePage(1, "d", 1, 1_000);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 3);

        bench.Fanout.SendPage(FanoutBench.Member(2), page);

        await bench.Links.UntilAsync(() => Contents(bench, 2).Count() == 2);
    }

    private static IEnumerable<string> Contents(FanoutBench bench, int member) =>
        bench.Links.Of(member).Messages.OfType<PageContent>().Select(c => c.Page.Digest);

    private static async Task OpenWithDocumentAsync(FanoutBench bench, int members)
    {
        await bench.OpenAsync(members);
        bench.Publish(FanoutBench.Member(1), new DocumentShared("d", "d.rtf", 3));
        if (members > 1) await bench.Links.UntilAsync(() => bench.Links.Of(members).Revisions.LastOrDefault() == 2);
    }
}
