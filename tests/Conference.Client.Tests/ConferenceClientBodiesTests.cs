using System.Text;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Sip.Stack.Transport;
using Tests.Shared;
using Xunit;
using static Conference.Client.Tests.ModelData;

namespace Conference.Client.Tests;

/// <summary>Bodies by reference over real sockets: SIP from the fake server, HTTP from the fake files.</summary>
public sealed class ConferenceClientBodiesTests
{
    private static readonly byte[] Large = ServerMessageWriter.Write(Notify(
    [
        Created(),
        .. Enumerable.Range(2, 99).Select(revision => Event(revision, new ChatSaid(new string('x', 4_000)))),
    ]));

    [Fact]
    public async Task BodyReference_OverUdp_BringsALargeBodyBeforeItIsAnswered()
    {
        await using var rig = await Rig.StartAsync();
        Assert.InRange(Large.Length, 300_000, 1_000_000);
        rig.Files.Put("body", Large);

        Assert.Equal(200, await rig.SendAsync(rig.ReferenceTo(Large)));

        Assert.Equal(100, Assert.Single(rig.Client.Sessions).Model.Revision);
        Assert.Equal(1, rig.Files.Requests);
    }

    [Fact]
    public async Task BodyReference_NotThere_IsAnswered480AndTakenWhenSentAgain()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal(480, await rig.SendAsync(rig.ReferenceTo(Large)));
        Assert.Equal(0, rig.Client.Follow(Here).Model.Revision);

        rig.Files.Put("body", Large);

        Assert.Equal(200, await rig.SendAsync(rig.ReferenceTo(Large)));
        Assert.Equal(100, rig.Client.Follow(Here).Model.Revision);
    }

    [Fact]
    public async Task BodyReference_ToAnotherBodyThanAnnounced_IsAnswered480()
    {
        await using var rig = await Rig.StartAsync();
        rig.Files.Put("body", [.. Large, .. Large]);

        Assert.Equal(480, await rig.SendAsync(rig.ReferenceTo(Large)));
        rig.Files.Put("body", [.. Large[..^1], (byte)' ']);
        Assert.Equal(480, await rig.SendAsync(rig.ReferenceTo(Large)));

        Assert.Equal((0L, 2L), (rig.Client.Follow(Here).Model.Revision, rig.Client.Follow(Here).Counters.BadBodies));
    }

    [Fact]
    public async Task BodyReference_ToABodyThatIsNotValid_IsAnsweredLikeThatBody()
    {
        await using var rig = await Rig.StartAsync();
        var body = Encoding.UTF8.GetBytes("<not xml");
        rig.Files.Put("body", body);

        Assert.Equal(400, await rig.SendAsync(rig.ReferenceTo(body)));
    }

    [Fact]
    public async Task BodyReference_ToMoreThanAMessageMayCarry_IsAnswered413AndNotFetched()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal(413, await rig.SendAsync(rig.ReferenceTo(Large) with { BodyBytes = (1 << 20) + 1 }));

        Assert.Equal(0, rig.Files.Requests);
    }

    private sealed record Rig(FakeServer Server, FakeFiles Files, ConferenceClient Client) : IAsyncDisposable
    {
        internal static async Task<Rig> StartAsync()
        {
            var server = await FakeServer.StartAsync();
            var files = await FakeFiles.StartAsync();
            var client = new ConferenceClient(new ConferenceClientOptions
            {
                Identity = Ana,
                Server = server.Address,
                Transport = SipTransportKind.Udp,
                SystemCalls = SystemCallsUnderTest.Chosen,
            });
            await client.StartAsync();
            await client.RegisterAsync();
            return new Rig(server, files, client);
        }

        internal BodyReference ReferenceTo(byte[] body) =>
            new(Here, Files.HrefOf("body"), At, body.Length, ContentDigest.OfHex(body));

        internal Task<int> SendAsync(BodyReference reference) => Server.SendAsync(reference);

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Files.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
