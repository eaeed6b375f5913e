using Conference.Actors.Ports;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class FanoutBodyReferenceTests
{
    [Fact]
    public async Task Event_LargerThanThePath_GoesByReference()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.BodyBytesMax = 1_000;

        bench.Say(1, new string('x', 3_000));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);
        bench.Say(1, "small");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);

        var reference = Assert.IsType<BodyReference>(bench.Links.Of(2).Messages.First());
        Assert.Equal($"https://as.example/{reference.Digest}", reference.Href);
        var fetched = FanoutBench.Read(new EncodedBody(
            Conference.Protocol.Xml.MediaTypes.ConferenceXml, bench.Store.Blobs[reference.Digest]));
        Assert.Equal(2, Assert.IsType<Notification>(fetched).Events.Single().Revision);
        Assert.Equal([3L], bench.Links.Of(2).Revisions);
    }

    [Fact]
    public async Task Event_RefusedAsTooLarge_GoesByReference()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, body) => body.Bytes.Length > 2_000
            ? new DeliveryResult(DeliveryOutcome.TooLarge, 513, null)
            : FakeLinks.Ok;

        bench.Say(1, new string('x', 4_000));

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Messages.OfType<BodyReference>().Any());
        await bench.StateAsync(2, "idle");
    }

    [Fact]
    public async Task Event_ThatNoFormCarries_ParksTheParticipant_InsteadOfTryingForEver()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => new DeliveryResult(DeliveryOutcome.TooLarge, 513, null);

        bench.Say(1, new string('x', 4_000));

        await bench.StateAsync(2, "parked");
        Assert.InRange(bench.Links.Of(2).Bodies.Count, 1, 4);
    }

    [Fact]
    public async Task Event_WhenThePathCarriesLessForAWhile_TeachesNothing()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, body) =>
        {
            if (body.Bytes.Length <= bench.Links.BodyBytesMax && body.Bytes.Length < 2_000) return FakeLinks.Ok;
            bench.Links.BodyBytesMax = 1_000; // No stream can be had.
            return new DeliveryResult(DeliveryOutcome.TooLarge, 0, null);
        };
        bench.Say(1, new string('x', 4_000));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Messages.OfType<BodyReference>().Any());

        bench.Links.BodyBytesMax = 1_000_000;
        bench.Links.Answer = (_, _) => FakeLinks.Ok;
        bench.Say(1, new string('y', 4_000));

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == bench.State.Revision);
        Assert.Single(bench.Links.Of(2).Messages.OfType<BodyReference>());
    }

    [Fact]
    public async Task Event_ThatIsLargerThanThePath_InEachForm_ParksTheParticipant()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.BodyBytesMax = 100;
        bench.Links.Answer = (_, _) => new DeliveryResult(DeliveryOutcome.TooLarge, 0, null);

        bench.Say(1, new string('x', 4_000));

        await bench.StateAsync(2, "parked");
        Assert.InRange(bench.Links.Of(2).Bodies.Count, 1, 4);
    }

    [Fact]
    public async Task Body_WhileTheStoreIsAway_WaitsForIt()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.BodyBytesMax = 1_000;
        bench.Store.IsAway = true;
        bench.Say(1, new string('x', 3_000));
        await bench.Links.UntilAsync(() => bench.Store.BlobsRefused == 1);
        Assert.Empty(bench.Links.Of(2).Bodies);

        bench.Store.IsAway = false;
        await bench.Links.UntilAsync(() =>
        {
            bench.Time.Advance(TimeSpan.FromSeconds(2)); // each look: the pause may not have begun yet
            return bench.Links.Of(2).Messages.OfType<BodyReference>().Any();
        });
    }
}
