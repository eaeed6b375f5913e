using System.Globalization;
using Sip.Stack.Messages;

namespace Conference.Client.Sip;

/// <summary>Keeps one binding alive (RFC 3261 10.2): registers, refreshes at 80 % of the lifetime granted, tries again
/// after a failure.</summary>
internal sealed class ClientRegistration : IAsyncDisposable
{
    /// <summary>Between two attempts while they fail, however often the stream breaks.</summary>
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(2);

    /// <summary>The shortest time to a refresh: a registrar that grants less is not asked all the time.</summary>
    private static readonly TimeSpan RefreshPauseMin = TimeSpan.FromSeconds(1);

    private readonly ConferenceClientOptions _options;
    private readonly SipRequester _requester;
    private readonly string _contact;
    private readonly TimeProvider _time;
    private readonly string _callId = SipRequester.Token(12);
    private readonly CancellationTokenSource _closed = new();
    private readonly SemaphoreSlim _wanted = new(0, 1);

    // Guarded by _gate.
    private readonly Lock _gate = new();
    private Task _refreshing = Task.CompletedTask;
    private bool _isClosed;

    internal ClientRegistration(
        ConferenceClientOptions options, SipRequester requester, string contact, TimeProvider time) =>
        (_options, _requester, _contact, _time) = (options, requester, contact, time);

    /// <summary>What the registrar granted last; null while there is no binding.</summary>
    internal TimeSpan? Granted { get; private set; }

    /// <summary>Registers now and from then on.</summary>
    internal async Task<RegistrationResult> StartAsync(CancellationToken cancel)
    {
        var result = await RegisterAsync(_options.RegistrationLifetime, cancel).ConfigureAwait(false);
        lock (_gate)
        {
            if (result.IsRegistered && !_isClosed && _refreshing.IsCompleted)
            {
                _refreshing = Task.Run(RefreshAsync, CancellationToken.None);
            }
        }

        return result;
    }

    /// <summary>The stream to the server broke: the server knows the client by that stream (RFC 5626 4.4.1), so it
    /// registers at once, over a new one.</summary>
    internal void RefreshSoon()
    {
        try
        {
            _wanted.Release();
        }
        catch (Exception fault) when (fault is SemaphoreFullException or ObjectDisposedException)
        {
            // It will anyway, or never again.
        }
    }

    /// <summary>Takes the binding away.</summary>
    internal async Task StopAsync(CancellationToken cancel)
    {
        await EndRefreshingAsync().ConfigureAwait(false);
        if (Granted is not null) await RegisterAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await EndRefreshingAsync().ConfigureAwait(false);
        _wanted.Dispose();
    }

    private async Task EndRefreshingAsync()
    {
        Task refreshing;
        lock (_gate) (_isClosed, refreshing) = (true, _refreshing);
        await _closed.CancelAsync().ConfigureAwait(false);
        await refreshing.ConfigureAwait(false);
    }

    private async Task<RegistrationResult> RegisterAsync(TimeSpan lifetime, CancellationToken cancel)
    {
        var registrar = $"sip:{_options.Domain}";
        var seconds = ((int)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var result = await _requester.SendAsync(
            "REGISTER", registrar, _options.Identity.Value, _callId,
            request => request.With(SipHeaderName.Contact, $"<{_contact}>").With(SipHeaderName.Expires, seconds),
            cancel).ConfigureAwait(false);
        var response = result.Response;
        var granted = response is { IsSuccess: true } ? GrantedIn(response, lifetime) : TimeSpan.Zero;
        Granted = granted > TimeSpan.Zero ? granted : null;
        return new RegistrationResult(
            response?.StatusCode ?? 0, response?.ReasonPhrase ?? result.Failure.ToString(), Granted);
    }

    /// <summary>RFC 3261 10.2.4: the expires parameter of our Contact, else the Expires header. A registrar may shorten
    /// what was asked for and not prolong it (10.3 step 7).</summary>
    private TimeSpan GrantedIn(SipResponse response, TimeSpan asked)
    {
        var granted = asked;
        if (response.Expires is { } all) granted = TimeSpan.FromSeconds(all);
        foreach (var contact in response.Contacts)
        {
            if (contact.Uri is { } uri && SipUri.TryParse(_contact, out var mine) && uri.IsEquivalentTo(mine)
                && uint.TryParse(
                    contact.Parameters["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                granted = TimeSpan.FromSeconds(seconds);
            }
        }

        return granted < asked ? granted : asked;
    }

    private async Task RefreshAsync()
    {
        try
        {
            while (true)
            {
                await PauseAsync().ConfigureAwait(false);
                await RegisterAsync(_options.RegistrationLifetime, _closed.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>With a binding: until it is due, or somebody wants it sooner. Without: a fixed time, or a server that
    /// takes streams and breaks them would be asked as fast as it does so.</summary>
    private async Task PauseAsync()
    {
        if (Granted is not { } granted)
        {
            await Task.Delay(FailurePause, _time, _closed.Token).ConfigureAwait(false);
            return;
        }

        var due = granted * 0.8 > RefreshPauseMin ? granted * 0.8 : RefreshPauseMin;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
        await Task.WhenAny(Task.Delay(due, _time, over.Token), _wanted.WaitAsync(over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        _closed.Token.ThrowIfCancellationRequested();
    }
}
