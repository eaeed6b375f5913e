using Sip.Stack.Messages;

namespace Conference.Client.Sip;

/// <summary>Keeps one binding alive (RFC 3261 10.2): registers, refreshes at 80 % of the lifetime granted, tries again
/// after a failure.</summary>
internal sealed class ClientRegistration : IAsyncDisposable
{
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(2);

    private readonly ConferenceClientOptions _options;
    private readonly SipRequester _requester;
    private readonly string _contact;
    private readonly TimeProvider _time;
    private readonly string _callId = SipRequester.Token(12);
    private readonly CancellationTokenSource _closed = new();
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private Task _refreshing = Task.CompletedTask;

    internal ClientRegistration(
        ConferenceClientOptions options, SipRequester requester, string contact, TimeProvider time) =>
        (_options, _requester, _contact, _time) = (options, requester, contact, time);

    /// <summary>What the registrar granted last; null while there is no binding.</summary>
    internal TimeSpan? Granted { get; private set; }

    /// <summary>Registers now and from then on.</summary>
    internal async Task<RegistrationResult> StartAsync(CancellationToken cancel)
    {
        var result = await RegisterAsync(_options.RegistrationLifetime, cancel).ConfigureAwait(false);
        if (result.IsRegistered && _refreshing.IsCompleted)
        {
            _refreshing = Task.Run(RefreshAsync, CancellationToken.None);
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
        await _closed.CancelAsync().ConfigureAwait(false);
        await _refreshing.ConfigureAwait(false);
        if (Granted is not null) await RegisterAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        await _refreshing.ConfigureAwait(false);
        _closed.Dispose();
        _wanted.Dispose();
    }

    private async Task<RegistrationResult> RegisterAsync(TimeSpan lifetime, CancellationToken cancel)
    {
        var registrar = $"sip:{_options.Domain}";
        var result = await _requester.SendAsync(
            "REGISTER", registrar, _options.Identity.Value, _callId,
            request => request.With(SipHeaderName.Contact, $"<{_contact}>")
                .With(SipHeaderName.Expires, ((int)lifetime.TotalSeconds).ToString(Invariant)),
            cancel).ConfigureAwait(false);
        var response = result.Response;
        Granted = response is { IsSuccess: true } && lifetime > TimeSpan.Zero ? Lifetime(response, lifetime) : null;
        return new RegistrationResult(
            response?.StatusCode ?? 0, response?.ReasonPhrase ?? result.Failure.ToString(), Granted);
    }

    private static readonly IFormatProvider Invariant = System.Globalization.CultureInfo.InvariantCulture;

    /// <summary>RFC 3261 10.2.4: the expires parameter of our Contact, else the Expires header.</summary>
    private TimeSpan Lifetime(SipResponse response, TimeSpan asked)
    {
        foreach (var contact in response.Contacts)
        {
            if (contact.Uri is { } uri && SipUri.TryParse(_contact, out var mine) && uri.IsEquivalentTo(mine)
                && uint.TryParse(contact.Parameters["expires"], Invariant, out var seconds))
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return response.Expires is { } all ? TimeSpan.FromSeconds(all) : asked;
    }

    private async Task RefreshAsync()
    {
        try
        {
            while (true)
            {
                var pause = Granted is { } granted ? granted * 0.8 : FailurePause;
                await WaitAsync(pause).ConfigureAwait(false);
                await RegisterAsync(_options.RegistrationLifetime, _closed.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>Until the pause is over or somebody wants it sooner.</summary>
    private async Task WaitAsync(TimeSpan pause)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
        await Task.WhenAny(Task.Delay(pause, _time, over.Token), _wanted.WaitAsync(over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        _closed.Token.ThrowIfCancellationRequested();
    }
}
