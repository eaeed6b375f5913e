using AppServer.Configuration;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;

namespace AppServer.Lifetime;

/// <summary>Touches the conferences of the store after a start, so that deliveries that were pending go on without
/// waiting for the next request. Paced and bounded: live requests come first.</summary>
public sealed class ConferenceWakeUp
{
    // Touched together: opening one waits for a commit of the store, which they share.
    private const int PageSize = 64;

    private readonly ProvisioningOptions _options;
    private readonly IConferenceStore _store;
    private readonly IConferenceGateway _gateway;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Puts it together.</summary>
    public ConferenceWakeUp(
        ProvisioningOptions options, IConferenceStore store, IConferenceGateway gateway, TimeProvider time,
        ILogger<ConferenceWakeUp> logger)
    {
        _options = options;
        _store = store;
        _gateway = gateway;
        _time = time;
        _logger = logger;
    }

    /// <summary>Touches as many conferences as the options allow.</summary>
    /// <returns>How many were touched.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var count = 0;
        var started = _time.GetTimestamp();
        ConferenceUri? after = null;
        try
        {
            while (count < _options.WakeUpMax)
            {
                var page = await _store.ListAsync(after, PageSize, cancel);
                if (page.IsEmpty) break;
                var touched = new List<Task>(page.Length);
                foreach (var conference in page.Take(_options.WakeUpMax - count))
                {
                    await PaceAsync(count, started, cancel);
                    touched.Add(TouchAsync(conference.Conference, cancel));
                    count++;
                }

                await Task.WhenAll(touched);
                if (touched.Count < page.Length)
                {
                    LifetimeLog.WakeUpLimited(_logger, count);
                    return count;
                }

                after = page[^1].Conference;
            }
        }
        catch (StoreUnavailableException)
        {
            // Not fatal and not retried: what was not woken wakes with its first message.
            LifetimeLog.WakeUpFailed(_logger, count);
            return count;
        }

        LifetimeLog.WokeUp(_logger, count);
        return count;
    }

    private async Task TouchAsync(ConferenceUri conference, CancellationToken cancel)
    {
        try
        {
            await _gateway.DescribeAsync(conference, cancel);
        }
        catch (TimeoutException)
        {
            // It is being restored all the same.
        }
    }

    private Task PaceAsync(int count, long started, CancellationToken cancel)
    {
        var due = TimeSpan.FromSeconds((double)count / _options.WakeUpPerSecond) - _time.GetElapsedTime(started);
        return due > TimeSpan.FromMilliseconds(10) ? Task.Delay(due, _time, cancel) : Task.CompletedTask;
    }
}
