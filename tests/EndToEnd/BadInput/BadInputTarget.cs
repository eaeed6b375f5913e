using Conference.Protocol;
using Conference.Protocol.Requests;
using Xunit;

namespace EndToEnd.BadInput;

/// <summary>A server with a conference that is attacked while it goes on: user1 is its chair, user2 its well-behaved
/// member, user3 the attacker with the rights of a presenter, user4 an observer; user5 is known and no member.
/// Document <c>doc</c> has three pages, of which the first is there; <c>mine</c>, of user3, has three and none is.
/// </summary>
public abstract class BadInputTarget : IAsyncLifetime
{
    internal const int Chair = 1;
    internal const int Witness = 2;
    internal const int Attacker = 3;
    internal const int Observer = 4;
    internal const int Stranger = 5;

    internal ServerUnderTest Server { get; private set; } = null!;

    internal MetricsPage Metrics { get; private set; } = null!;

    internal ConferenceUri Conference { get; private protected set; }

    /// <summary>Starts it.</summary>
    public async Task InitializeAsync()
    {
        Server = await StartAsync();
        Metrics = new MetricsPage(Server);
        await PrepareAsync();
        using var raw = await RawSip.OpenAsync("tcp", Server.Sip);
        var announced = await SendAsync(raw, Attacker, BadBodies.Request(
            """<share-document document="mine" name="mine" pages="3"/>"""));
        Assert.Equal(202, announced.Status);
    }

    /// <summary>Ends it.</summary>
    public virtual async Task DisposeAsync()
    {
        Metrics.Dispose();
        await Server.DisposeAsync();
    }

    internal string User(int number) => Server.User(number).Value;

    /// <summary>Sends a request as this user, authenticated as the mode wants it.</summary>
    internal Task<RawReply> SendAsync(RawSip raw, int user, string body, string? target = null) =>
        SendAsync(raw, user, new RawMessage { Target = target ?? Conference.Value, From = User(user), Body = body });

    /// <summary>Sends a message, with the headers that authenticate this user; again, as any client does, when the
    /// store was slow for a moment.</summary>
    internal async Task<RawReply> SendAsync(RawSip raw, int user, RawMessage message)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        using var deadline = new CancellationTokenSource(RawSip.Patience);
        while (true)
        {
            var reply = await SendOnceAsync(raw, user, message);
            if (reply.Status != 503 || deadline.IsCancellationRequested) return reply;
            await pace.WaitForNextTickAsync(CancellationToken.None);
            message = message with { CallId = BadBodies.NewId() }; // a request of its own; the id in its body is kept
        }
    }

    /// <summary>As <see cref="SendAsync(RawSip, int, RawMessage)"/>, but never again.</summary>
    internal abstract Task<RawReply> SendOnceAsync(RawSip raw, int user, RawMessage message);

    /// <summary>As <see cref="SendAsync(RawSip, int, string, string?)"/>, but never again.</summary>
    internal Task<RawReply> SendOnceAsync(RawSip raw, int user, string body) =>
        SendOnceAsync(raw, user, new RawMessage { Target = Conference.Value, From = User(user), Body = body });

    /// <summary>The lines that authenticate this user for a MESSAGE to a target.</summary>
    internal abstract Task<string> CredentialsAsync(RawSip raw, int user, string target);

    /// <summary>Sends as a well-behaved member and waits until the other one has it, in both directions; nothing may
    /// have been lost on the way.</summary>
    internal abstract Task AssertOthersAreServedAsync();

    private protected abstract Task<ServerUnderTest> StartAsync();

    private protected abstract Task PrepareAsync();

    /// <summary>Who is in the conference beside its chair.</summary>
    private protected Invitee[] Members() =>
    [
        new(Server.User(Witness), Role.Presenter), new(Server.User(Attacker), Role.Presenter),
        new(Server.User(Observer), Role.Observer),
    ];
}
