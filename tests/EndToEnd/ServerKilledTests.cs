using Conference.Client;
using Conference.Protocol;
using Tests.Shared.Redis;
using Xunit;

namespace EndToEnd;

/// <summary>SIGKILL in the middle of a share at 50 events a second (R2, R3): what got a 202 is there after the restart,
/// once, and everybody converges.</summary>
public sealed class ServerKilledTests
{
    private const int EventsPerAuthor = 150;

    // Two authors: 50 events a second together.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);

    [Fact]
    public async Task Server_KilledWhileSharing_WithSqlite_KeepsEveryAcknowledgedEvent() => await RunAsync();

    [WhenInstalled("redis-server")]
    public async Task Server_KilledWhileSharing_WithRedis_KeepsEveryAcknowledgedEvent()
    {
        await using var redis = await RedisServerProcess.CreateAsync();
        await RunAsync("--Store:Kind=Redis", $"--Store:Redis:Endpoints={redis.Endpoint}");
    }

    private static async Task RunAsync(params string[] options)
    {
        await using var server = await ServerUnderTest.StartAsync(options);
        await using var alice = await server.RegisteredAsync(1);
        await using var bob = await server.RegisteredAsync(2);
        var chair = await alice.CreateAsync("Round", null, Rights.Draw | Rights.Share, isOpen: true);
        var other = await bob.JoinAsync(chair.Uri);
        (await chair.ShareAsync(TestDocument.Of("drawn", 2))).OrThrow();

        var sharing = SharePagesAsync(other);
        var drawing = Task.WhenAll(DrawAsync(chair, "a"), DrawAsync(other, "b"));
        await other.WaitForAsync(model => model.MarkCount >= EventsPerAuthor / 2, TestParticipants.Patience);
        await server.KillAsync();
        await server.RestartAsync();
        var accepted = (await drawing).SelectMany(ids => ids).ToHashSet();
        await sharing;

        var last = (await chair.SayAsync("done")).OrThrow().Revision;
        await using var carol = await server.RegisteredAsync(3);
        var late = await carol.JoinAsync(chair.Uri);
        var joined = late.Model.Revision;
        await TestParticipants.AssertSameAsync(Math.Max(last, joined), late, chair, other);
        Assert.Equal(2 * EventsPerAuthor, accepted.Count);
        Assert.Equal(accepted.Order(), late.Model.Boards.Values.SelectMany(board => board.Marks.Keys).Order());
        Assert.Equal(12, late.Model.Pages.Count());
        Assert.Equal(0, await server.StopAsync());
    }

    private static async Task SharePagesAsync(ConferenceSession session)
    {
        var document = TestDocument.Of("shared", 10, bytes: 300_000); // three parts each
        (await session.ShareAsync(document, pagesNow: 0)).OrThrow();
        using var pace = new PeriodicTimer(Pace * 10);
        for (var number = 1; number <= document.PageCount; number++)
        {
            (await session.SendPageAsync(document, number)).OrThrow();
            await pace.WaitForNextTickAsync();
        }
    }

    private static async Task<List<string>> DrawAsync(ConferenceSession session, string author)
    {
        var accepted = new List<string>();
        using var pace = new PeriodicTimer(Pace);
        for (var i = 0; i < EventsPerAuthor; i++)
        {
            var mark = TestParticipants.Line($"{author}-{i}", 100 + (i * 300));
            (await session.DrawAsync(new PageRef("drawn", 1 + (i % 2)), mark)).OrThrow();
            accepted.Add(mark.Id);
            await pace.WaitForNextTickAsync();
        }

        return accepted;
    }
}
