using System.Collections.Immutable;
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
    public async Task RunAsync(ImmutableArray<ConferenceDto> conferences, CancellationToken cancel)
    {
        var open = new List<ConferenceDto>(conferences);
        while (open.Count > 0)
        {
            var again = new List<ConferenceDto>();
            foreach (var conference in open)
            {
                if (!await SubmitAsync(conference, cancel)) again.Add(conference);
            }

            open = again;
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
