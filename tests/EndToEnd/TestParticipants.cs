using Conference.Client;
using Conference.Client.Requests;
using Conference.Protocol;
using Sip.Stack.Transport;
using Tests.Shared;

namespace EndToEnd;

/// <summary>Makes participants of a server under test and compares what they see.</summary>
internal static class TestParticipants
{
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>user1, user2, ...: odd ones over UDP, even ones over TCP, registered.</summary>
    internal static async Task<ConferenceClient> RegisteredAsync(
        this ServerUnderTest server, int number, SipTransportKind? transport = null)
    {
        var client = new ConferenceClient(new ConferenceClientOptions
        {
            Identity = server.User(number),
            Password = ServerUnderTest.Password,
            Server = server.Sip,
            FactoryUri = server.FactoryUri,
            Transport = transport ?? (number % 2 == 1 ? SipTransportKind.Udp : SipTransportKind.Tcp),
            SystemCalls = SystemCallsUnderTest.Chosen,
            Retry = new RetryOptions { AttemptsMax = 20, FirstDelay = TimeSpan.FromMilliseconds(250) },
            FollowUpTimeout = Patience,
        });
        await client.StartAsync();
        (await client.RegisterAsync()).OrThrow();
        return client;
    }

    internal static ParticipantUri User(this ServerUnderTest server, int number) =>
        ParticipantUri.Parse($"sip:user{number}@{server.Domain}");

    /// <summary>Waits until all have the revision, the same board, and every page.</summary>
    internal static async Task AssertSameAsync(long revision, params ConferenceSession[] sessions)
    {
        foreach (var session in sessions)
        {
            await session.WaitForRevisionAsync(revision, Patience);
            await session.FetchMissingPagesAsync(TimeSpan.FromSeconds(2));
        }

        var expected = sessions[0].Model;
        foreach (var session in sessions)
        {
            Xunit.Assert.Equal(expected.Revision, session.Model.Revision);
            Xunit.Assert.Equal(expected.DigestOfAllBoards(), session.Model.DigestOfAllBoards());
            Xunit.Assert.Equal(expected.CurrentPage, session.Model.CurrentPage);
            Xunit.Assert.Equal(expected.Pages, session.Model.Pages);
            Xunit.Assert.Empty(session.MissingPages);
        }
    }

    internal static Mark Line(string id, int y) => new()
    {
        Id = id,
        Kind = MarkKind.Line,
        Points = [new PagePoint(1_000, y), new PagePoint(90_000, y)],
    };
}
