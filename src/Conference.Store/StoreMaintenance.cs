using Conference.Actors.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conference.Store;

/// <summary>Removes blobs that have outlived their lifetime, from time to time.</summary>
internal sealed class StoreMaintenance(
    StoreOptions options, IBlobStore blobs, TimeProvider time, ILogger<StoreMaintenance> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.MaintenanceInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RemoveExpiredAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task RemoveExpiredAsync(CancellationToken cancel)
    {
        try
        {
            await blobs.RemoveExpiredAsync(cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            StoreLog.MaintenanceFailed(logger, e.Message);
        }
    }
}
