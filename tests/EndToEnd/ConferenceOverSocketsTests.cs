using Conference.Client;
using Conference.Client.Requests;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Sip.Stack.Transport;
using Xunit;

namespace EndToEnd;

/// <summary>The real server in its own process, real participants over UDP and TCP.</summary>
public sealed class ConferenceOverSocketsTests
{
    [Fact]
    public async Task SixParticipants_ShareDrawTurnUndoAndComeBack_SeeTheSame()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var clients = new List<ConferenceClient>();
        try
        {
            for (var number = 1; number <= 6; number++) clients.Add(await server.RegisteredAsync(number));
            var chair = await clients[0].CreateAsync("Round", null, Rights.Draw | Rights.Turn, isOpen: true);
            var sessions = new List<ConferenceSession> { chair };
            foreach (var client in clients.Skip(1)) sessions.Add(await client.JoinAsync(chair.Uri));

            (await chair.ShareAsync(TestDocument.Of("whole", 3, bytes: 150_000))).OrThrow();
            (await chair.ShareAsync(TestDocument.Of("lazy", 3), pagesNow: 1)).OrThrow();
            (await chair.TurnAsync(new PageRef("whole", 2))).OrThrow();
            await Task.WhenAll(sessions.Select((session, author) => DrawAsync(session, author, 10)));

            var lazy = new PageRef("lazy", 3);
            (await sessions[3].TurnAsync(lazy)).OrThrow();
            await sessions[4].WaitForAsync(model => model.CurrentPage == lazy, TestParticipants.Patience);
            (await sessions[1].UndoAsync()).OrThrow();
            (await sessions[1].UndoAsync()).OrThrow();
            (await sessions[1].RedoAsync()).OrThrow();
            (await sessions[2].UndoAsync()).OrThrow();

            await clients[5].DisposeAsync();
            await DrawAsync(sessions[2], 20, 10);
            clients[5] = await server.RegisteredAsync(6);
            sessions[5] = await clients[5].JoinAsync(chair.Uri);
            clients.Add(await server.RegisteredAsync(7));
            sessions.Add(await clients[6].JoinAsync(chair.Uri));

            var last = (await chair.SayAsync("done")).OrThrow().Revision;
            await TestParticipants.AssertSameAsync(last, [.. sessions]);
            Assert.Equal(68, chair.Model.MarkCount); // 6 x 10 + 10 drawn, three undone, one redone
            Assert.All(sessions, session => Assert.Equal(0, session.Counters.BoardsDiffered));
        }
        finally
        {
            foreach (var client in clients) await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Save_WithPagesNeverShown_GivesAFileWithAllOfThem()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var alice = await server.RegisteredAsync(1);
        await using var bob = await server.RegisteredAsync(2);
        var chair = await alice.CreateAsync("Round", null, isOpen: true);
        var other = await bob.JoinAsync(chair.Uri);
        (await chair.ShareAsync(TestDocument.Of("lazy", 4), pagesNow: 1)).OrThrow();
        (await chair.DrawAsync(new PageRef("lazy", 1), TestParticipants.Line("a", 5_000))).OrThrow();

        var file = await chair.SaveAsync();

        Assert.Empty(chair.Model.LastSaved!.MissingPages);
        var content = await chair.DownloadAsync(file);
        Assert.Equal(file.Digest, ContentDigest.OfHex(content));
        await TestParticipants.AssertSameAsync(chair.Model.Revision, chair, other);
        Assert.Equal(4, other.Model.Pages.Count());
    }

    [Fact]
    public async Task Requests_WithoutRightOrMembership_AreRefusedByName()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var alice = await server.RegisteredAsync(1);
        await using var bob = await server.RegisteredAsync(2);
        await using var eve = await server.RegisteredAsync(3);
        var chair = await alice.CreateAsync("Round", [new Invitee(server.User(2))], Rights.None);
        (await chair.ShareAsync(TestDocument.Of("doc", 2))).OrThrow();
        var guest = await bob.JoinAsync(chair.Uri);

        var noRight = await guest.DrawAsync(new PageRef("doc", 1), TestParticipants.Line("b", 1));
        var notMember = await eve.Follow(chair.Uri).SayAsync("hello");
        var unknown = await eve.Follow(ConferenceUri.Parse($"sip:nothing@{server.Domain}")).SayAsync("hello");
        var beyond = await chair.TurnAsync(new PageRef("doc", 3));

        Assert.Equal((RequestOutcome.Refused, 403), (noRight.Outcome, noRight.Status));
        Assert.Equal((RequestOutcome.Refused, 403), (notMember.Outcome, notMember.Status));
        Assert.Equal((RequestOutcome.Refused, 404), (unknown.Outcome, unknown.Status));
        Assert.Equal((RequestOutcome.Refused, 400), (beyond.Outcome, beyond.Status));
        (await chair.GrantAsync(server.User(2), Rights.Draw)).OrThrow();
        Assert.True((await guest.DrawAsync(new PageRef("doc", 1), TestParticipants.Line("b", 1))).IsAccepted);
    }

    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public async Task Participant_BackOnAnotherSocket_NeedNotWaitForTheTimeOutOfTheOldOne(SipTransportKind transport)
    {
        // A delivery without an answer is given up after 64 x T1, more than four minutes: nobody waits that long here.
        await using var server = await ServerUnderTest.StartAsync("--Sip:T1=00:00:04");
        await using var alice = await server.RegisteredAsync(1);
        var bob = await server.RegisteredAsync(2, transport);
        var chair = await alice.CreateAsync("Round", null, isOpen: true);
        await bob.JoinAsync(chair.Uri);
        await bob.DisposeAsync(); // without a word
        (await chair.SayAsync("This goes to a socket that is closed.")).OrThrow();

        await using var back = await server.RegisteredAsync(2, transport);
        var session = await back.JoinAsync(chair.Uri).WaitAsync(TestParticipants.Patience);

        await session.WaitForRevisionAsync(chair.Model.Revision, TestParticipants.Patience);
    }

    private static async Task DrawAsync(ConferenceSession session, int author, int count)
    {
        var document = session.Model.Documents.Keys.Order(StringComparer.Ordinal).Last();
        for (var i = 0; i < count; i++)
        {
            var page = new PageRef(document, 1 + (i % 2));
            (await session.DrawAsync(page, TestParticipants.Line($"a{author}-{i}", 100 + (i * 300)))).OrThrow();
        }
    }
}
