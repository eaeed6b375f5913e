using System.Collections.Concurrent;
using Conference.Client;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Sip.Stack.Transport;

namespace Demo;

/// <summary>One participant of the demo with what was measured at it.</summary>
internal sealed class Participant(ServerProcess server, string name, string title, SipTransportKind transport)
    : IAsyncDisposable
{
    private readonly ConcurrentQueue<double> _latenciesMs = new();
    private DateTimeOffset _joinedAt;

    /// <summary>Names without secrets: everybody is invented.</summary>
    public string Name { get; } = name;

    /// <summary>How it travels.</summary>
    public SipTransportKind Transport { get; } = transport;

    /// <summary>Something to say in the table.</summary>
    public string Note { get; set; } = string.Empty;

    /// <summary>The public identity.</summary>
    public ParticipantUri Identity { get; } = ParticipantUri.Parse($"sip:{name}@{server.Domain}");

    /// <summary>Null while it is away.</summary>
    public ConferenceClient? Client { get; private set; }

    /// <summary>Its conference.</summary>
    public ConferenceSession Session { get; private set; } = null!;

    /// <summary>Milliseconds from acceptance at the server to the model here, of events since it joined, sorted.
    /// </summary>
    public double[] LatenciesMs => [.. _latenciesMs.Order()];

    /// <summary>Opens new sockets and registers.</summary>
    public async Task StartAsync(string password, CancellationToken cancel)
    {
        var client = new ConferenceClient(new ConferenceClientOptions
        {
            Identity = Identity,
            Password = password,
            DisplayName = title,
            Server = server.Sip,
            Transport = Transport,
            FactoryUri = server.FactoryUri,
        });
        Client = client;
        await client.StartAsync(cancel);
        (await client.RegisterAsync(cancel)).OrThrow();
    }

    /// <summary>Creates the conference.</summary>
    public async Task CreateAsync(string subject, CancellationToken cancel) =>
        Watch(await Client!.CreateAsync(subject, null, Rights.Draw | Rights.Turn, isOpen: true, cancel));

    /// <summary>Joins, or comes back.</summary>
    public async Task JoinAsync(ConferenceUri conference, CancellationToken cancel) =>
        Watch(await Client!.JoinAsync(conference, cancel));

    /// <summary>Closes the sockets without a word.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Client is { } client) await client.DisposeAsync();
        Client = null;
    }

    private void Watch(ConferenceSession session)
    {
        Session = session;
        _joinedAt = TimeProvider.System.GetUtcNow();
        session.EventApplied += Measure;
    }

    private void Measure(ConferenceEvent happened, DateTimeOffset now)
    {
        if (happened.At > _joinedAt) _latenciesMs.Enqueue(Math.Max(0, (now - happened.At).TotalMilliseconds));
    }
}
