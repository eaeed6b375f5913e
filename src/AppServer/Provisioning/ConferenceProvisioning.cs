using AppServer.Admin;
using AppServer.Lifetime;
using Conference.Actors.Focus;

namespace AppServer.Provisioning;

/// <summary>Makes the conferences of config/conferences.json unless they are there.</summary>
public sealed class ConferenceProvisioning
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly ConferenceReader _reader;
    private readonly IConferenceGateway _gateway;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Puts it together.</summary>
    public ConferenceProvisioning(
        ConferenceReader reader, IConferenceGateway gateway, TimeProvider time, ILogger<ConferenceProvisioning> logger)
    {
        _reader = reader;
        _gateway = gateway;
        _time = time;
        _logger = logger;
    }

    /// <summary>Submits all conferences, those again that the store could not take, until all are settled.</summary>
    /// <param name="open">Is emptied: 20,000 entries with ten members each are 37 MiB, and nobody reads them again.
    /// </param>
    /// <param name="cancel">When the server stops.</param>
    public async Task RunAsync(Queue<ConferenceDto> open, CancellationToken cancel)
    {
        while (open.Count > 0)
        {
            for (var left = open.Count; left > 0; left--)
            {
                var conference = open.Dequeue();
                if (!await SubmitAsync(conference, cancel)) open.Enqueue(conference);
            }

            if (open.Count > 0) await Task.Delay(RetryInterval, _time, cancel);
        }
    }

    private async ValueTask<bool> SubmitAsync(ConferenceDto dto, CancellationToken cancel)
    {
        var command = _reader.TryRead(dto, requestId: null, out _);
        if (command is null) return true; // checked before the start
        var uri = command.Conference.Value;
        switch (await _gateway.SubmitAsync(command, cancel))
        {
            case CommandOutcome.Accepted accepted:
                LifetimeLog.Provisioned(_logger, uri, accepted.Revision);
                return true;
            case CommandOutcome.Refused { Reason: RefuseReason.ConferenceExists or RefuseReason.IdReused }:
                LifetimeLog.ProvisioningKept(_logger, uri);
                return true;
            case CommandOutcome.Refused { Reason: RefuseReason.StoreUnavailable or RefuseReason.ConferenceBusy }:
                return false;
            case CommandOutcome.Refused refused:
                LifetimeLog.ProvisioningRefused(_logger, uri, RefuseReasons.Describe(refused.Reason).Label);
                return true;
            default:
                throw new System.Diagnostics.UnreachableException("CommandOutcome is closed.");
        }
    }
}
