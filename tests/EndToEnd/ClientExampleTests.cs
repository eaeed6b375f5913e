using System.Net;
using System.Text;
using Conference.Client;
using Conference.Client.Pages;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Sip.Stack.Transport;
using Tests.Shared;
using Xunit;

namespace EndToEnd;

/// <summary>The example of docs/client.md: it compiles, it runs, and the page shows it as it is here.</summary>
public sealed class ClientExampleTests
{
    [Fact]
    public async Task Example_AgainstTheServer_SavesTheConference()
    {
        await using var server = await ServerUnderTest.StartAsync("--domain", "conference.example");
        await using var bob = await server.RegisteredAsync(2);
        var log = new List<string>();

        var zip = await ExampleAsync(
            server.Sip, ServerUnderTest.Password, server.User(2), TestDocument.Of("case", 2), log);

        Assert.StartsWith("PK", Encoding.ASCII.GetString(zip.AsSpan(0, 2)), StringComparison.Ordinal);
        Assert.Contains(log, line => line.EndsWith(" PageTurned", StringComparison.Ordinal));
    }

    [Fact]
    public void Page_ShowsTheExampleAsItIs()
    {
        var source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests/EndToEnd/ClientExampleTests.cs"));
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/client.md"));
        var shown = Between(page, "```csharp\n", "```").Replace("alice", "user1", StringComparison.Ordinal);

        foreach (var line in shown.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Contains(line.Trim(), source, StringComparison.Ordinal);
        }
    }

    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static async Task<byte[]> ExampleAsync(
        IPEndPoint server, string password, ParticipantUri bob, IPageSource document, List<string> log)
    {
        await using var client = new ConferenceClient(new ConferenceClientOptions
        {
            Identity = ParticipantUri.Parse("sip:user1@conference.example"),
            Password = password,
            Server = server,                           // address and port of the application server
            Transport = SipTransportKind.Tcp,
        });
        await client.StartAsync();                     // opens UDP and TCP on one free port
        (await client.RegisterAsync()).OrThrow();      // digest; refreshed from now on
        var session = await client.CreateAsync("Ward round", [new Invitee(bob)]);
        session.EventApplied += (happened, at) => log.Add($"{happened.Revision} {happened.Body.GetType().Name}");

        (await session.ShareAsync(document)).OrThrow();                             // announces it, sends its pages
        var page = new PageRef(document.DocumentId, 1);
        (await session.TurnAsync(page)).OrThrow();
        var line = new Mark { Id = "m1", Kind = MarkKind.Line, Points = [new(10_000, 10_000), new(90_000, 10_000)] };
        var drawn = (await session.DrawAsync(page, line)).OrThrow();
        await session.WaitForRevisionAsync(drawn.Revision);                         // now it is on the board
        (await session.UndoAsync()).OrThrow();
        var file = await session.SaveAsync();
        var zip = await session.DownloadAsync(file);
        return zip;
    }
}
