using System.Collections.Concurrent;
using System.Collections.Immutable;
using Conference.Client.Pages;
using Conference.Client.Requests;
using Conference.Client.Sip;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack;
using Sip.Stack.Transport;

namespace Conference.Client;

/// <summary>One participant with its SIP stack: registers, creates and joins conferences. Thread-safe.</summary>
/// <remarks>docs/client.md shows its use. Closing it closes its sockets at once, like a phone that is switched off;
/// say <see cref="UnregisterAsync"/> before to go in good order.</remarks>
public sealed class ConferenceClient : IAsyncDisposable
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(2);

    private readonly ConferenceClientOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan }; // HttpFileDownload has its own
    private readonly HttpFileDownload _download;
    private readonly SipStack _stack;
    private readonly SipRequester _requester;
    private readonly SipCarrier _carrier;
    private readonly RequestQueue _factory;
    private readonly ConcurrentDictionary<ConferenceUri, ConferenceSession> _sessions = new();
    private ClientRegistration? _registration;
    private volatile bool _isClosed;

    /// <summary>Prepares a client; nothing is opened before <see cref="StartAsync"/>.</summary>
    public ConferenceClient(ConferenceClientOptions options, TimeProvider? time = null, ILoggerFactory? logs = null)
    {
        (_options, _time) = (options, time ?? TimeProvider.System);
        _download = new HttpFileDownload(_http, options.DownloadStallTimeout, _time);
        Pages = new PageStore(options.PageCacheBytesMax);
        var endpoint = new SipListenEndpoint { Address = options.LocalAddress, Port = options.LocalPort };
        var stackOptions = new SipStackOptions
        {
            Transport = new SipTransportOptions { Endpoints = [endpoint], SystemCalls = options.SystemCalls },
        };
        var incoming = new IncomingMessages(options.Limits, TakeAsync, text => TextReceived?.Invoke(text));
        _stack = new SipStack(stackOptions, incoming, _time, logs ?? NullLoggerFactory.Instance);
        _stack.Transports.ConnectionClosed += OnConnectionClosed;
        _requester = new SipRequester(options, _stack);
        _carrier = new SipCarrier(_requester);
        _factory = new RequestQueue(options.Factory, _carrier, options.Retry, options.QueueLengthMax, _time);
    }

    /// <summary>The first message of a conference that this client does not follow yet came: an invitation. The
    /// session follows already; join it to see one's own events too.</summary>
    public event Action<ConferenceSession>? Invited;

    /// <summary>A plain-text notice came.</summary>
    public event Action<string>? TextReceived;

    /// <summary>Who this is.</summary>
    public ParticipantUri Identity => _options.Identity;

    /// <summary>Page content of all conferences.</summary>
    public PageStore Pages { get; }

    /// <summary>The conferences that are followed.</summary>
    public ImmutableArray<ConferenceSession> Sessions => [.. _sessions.Values];

    /// <summary>The addresses that the sockets got.</summary>
    public IReadOnlyList<SipListenPoint> ListenPoints => _stack.ListenPoints;

    /// <summary>Opens the sockets.</summary>
    /// <exception cref="IOException">Address or port is not to be had.</exception>
    public Task StartAsync(CancellationToken cancel = default) => _stack.StartAsync(cancel);

    /// <summary>Registers, and keeps the registration fresh from then on.</summary>
    public async Task<RegistrationResult> RegisterAsync(CancellationToken cancel = default)
    {
        var registration = LazyInitializer.EnsureInitialized(
            ref _registration, () => new ClientRegistration(_options, _requester, Contact(), _time));
        return await registration.StartAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Takes the registration away: the server parks what it has for this participant.</summary>
    public async Task UnregisterAsync(CancellationToken cancel = default)
    {
        if (Interlocked.Exchange(ref _registration, null) is not { } registration) return;
        await using var ending = registration.ConfigureAwait(false);
        await registration.StopAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Creates a conference with this participant as chair, and joins it.</summary>
    /// <exception cref="RequestFailedException">The server refused one of the two.</exception>
    /// <exception cref="TimeoutException">The snapshot did not come in time.</exception>
    public async Task<ConferenceSession> CreateAsync(
        string? subject, IEnumerable<Invitee>? members = null, Rights defaultRights = Rights.Draw, bool isOpen = false,
        CancellationToken cancel = default)
    {
        var id = Guid.NewGuid().ToString("N");
        var action = new CreateConference(subject, members is null ? [] : [.. members], defaultRights, isOpen);
        var body = RequestWriter.Write(new ConferenceRequest(id, action));
        var result = (await _factory.SendAsync(id, body, cancel).ConfigureAwait(false)).OrThrow();
        if (result.Created is not { } uri)
        {
            throw new RequestFailedException(result with { Reason = "the answer names no conference" });
        }

        return await JoinAsync(uri, cancel).ConfigureAwait(false);
    }

    /// <summary>Joins a conference, or comes back to it.</summary>
    /// <exception cref="RequestFailedException">The server refused.</exception>
    /// <exception cref="TimeoutException">The snapshot did not come in time.</exception>
    public async Task<ConferenceSession> JoinAsync(ConferenceUri conference, CancellationToken cancel = default)
    {
        var session = Follow(conference);
        (await session.JoinAsync(cancel).ConfigureAwait(false)).OrThrow();
        return session;
    }

    /// <summary>The session of a conference, without asking the server for anything.</summary>
    public ConferenceSession Follow(ConferenceUri conference)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _sessions.GetOrAdd(conference, uri => new ConferenceSession(
            uri, _options, _carrier, Pages, _download, _time)
        {
            Closing = session => _sessions.TryRemove(KeyValuePair.Create(session.Uri, session)),
        });
    }

    /// <summary>Ends the session of a conference on this side. A later message of the conference is an invitation
    /// again.</summary>
    public async Task ForgetAsync(ConferenceUri conference)
    {
        if (_sessions.TryRemove(conference, out var session)) await session.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes sessions and sockets. The server is told nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        if (Interlocked.Exchange(ref _registration, null) is { } registration)
        {
            await registration.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var session in _sessions.Values) await session.DisposeAsync().ConfigureAwait(false);
        await _factory.DisposeAsync().ConfigureAwait(false);
        await _stack.StopAsync(StopDeadline).ConfigureAwait(false);
        await _stack.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private void OnConnectionClosed(SipConnection connection, LinkReason reason)
    {
        if (_options.Transport == SipTransportKind.Udp || !connection.Remote.Equals(_options.Server)) return;
        _registration?.RefreshSoon();
    }

    private ValueTask<TakeOutcome> TakeAsync(ServerMessage message)
    {
        if (_isClosed) return new(TakeOutcome.Closed);
        if (!_sessions.TryGetValue(message.Conference, out var session))
        {
            if (_sessions.Count >= _options.ConferencesMax) return new(TakeOutcome.TooManyConferences);
            session = Follow(message.Conference);
            Invited?.Invoke(session);
        }

        return session.TakeAsync(message);
    }

    private string Contact()
    {
        var point = _stack.ListenPoints.First(point => point.Transport == _options.Transport);
        var transport = _options.Transport == SipTransportKind.Udp ? string.Empty : ";transport=tcp";
        return $"sip:{_options.ContactUser}@{point.AdvertisedHost}:{point.AdvertisedPort}{transport}";
    }
}
