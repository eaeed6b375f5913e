namespace AppServer.Lifetime;

/// <summary>Starts and stops the parts in order. Registered before the web server and after the actors, so it starts
/// between them and stops in the reverse order.</summary>
/// <remarks>
/// Start: registrations, SIP listeners; then the web server; then provisioning, ready file, wake-up.
/// Stop: drain first, while everything still runs; then the web server, SIP, the actors, the store.
/// </remarks>
public sealed class ServerRun : IHostedLifecycleService, IDisposable
{
    private readonly ServerParts _parts;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending = new();
    private Task _background = Task.CompletedTask;

    /// <summary>Puts it together.</summary>
    public ServerRun(ServerParts parts, ILogger<ServerRun> logger)
    {
        _parts = parts;
        _logger = logger;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _parts.Registrations.StartAsync(cancellationToken);
        _parts.Entry.Open(_parts.FrontDoor);
        await _parts.Stack.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _parts.PublicAddress.ListensOn(_parts.Listeners.Public);
        _parts.Status.Enter(ServerPhase.Ready);
        var report = _parts.Report();
        LifetimeLog.Ready(_logger, report.Mode, report.Domain);
        StartBanner.Write(Console.Out, report);
        if (_parts.Options.Lifetime.ReadyFile is { Length: > 0 } file) report.WriteTo(file);
        _background = Task.Run(RunBackgroundAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _parts.Drain.RunAsync(RefuseNew, cancellationToken);
        await _ending.CancelAsync();
        await _background;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _parts.Stack.StopAsync(TimeSpan.FromSeconds(1)); // drained already: only what is still in write queues
        _parts.Status.Enter(ServerPhase.Stopped);
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        LifetimeLog.Stopped(_logger);
        // Whoever asked for it may have put it away with its folder.
        if (_parts.Options.Lifetime.ReadyFile is { Length: > 0 } file && File.Exists(file)) File.Delete(file);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _ending.Dispose();

    private void RefuseNew()
    {
        _parts.Stack.BeginDrain();
        _parts.Gateway.Drain();
    }

    private async Task RunBackgroundAsync()
    {
        try
        {
            await _parts.Provisioning.RunAsync(_parts.ProvisionedConferences.Open, _ending.Token);
            await _parts.WakeUp.RunAsync(_ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
        }
        catch (Exception failure)
        {
            LifetimeLog.BackgroundFailed(_logger, failure);
        }
    }
}
