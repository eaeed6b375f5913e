using AppServer.Admin;
using AppServer.Configuration;
using AppServer.FrontDoor;
using AppServer.Provisioning;
using AppServer.Registrations;
using Conference.Actors.Focus;
using Sip.Stack;

namespace AppServer.Lifetime;

/// <summary>What <see cref="ServerRun"/> starts and stops.</summary>
public sealed record ServerParts(
    AppServerOptions Options,
    ServerStatus Status,
    DataDirectory DataDirectory,
    IRegistrationService Registrations,
    SipEntry Entry,
    FrontDoorHandler FrontDoor,
    SipStack Stack,
    AkkaConferenceGateway Gateway,
    HttpListeners Listeners,
    PublicAddress PublicAddress,
    ConferenceUris Uris,
    ConferenceProvisioning Provisioning,
    ProvisionedConferences ProvisionedConferences,
    ConferenceWakeUp WakeUp,
    Drain Drain)
{
    /// <summary>The actual addresses. Only once everything listens.</summary>
    public ReadyReport Report() => new(
        Environment.ProcessId,
        Options.Server.Mode.ToString(),
        Options.Server.Domain,
        Uris.Factory.Value,
        [.. Stack.ListenPoints.Select(point => new ReadySipAddress(
            point.Transport.ToString().ToLowerInvariant(), point.Address.Address.ToString(), point.Address.Port))],
        $"http://{Listeners.Public}",
        $"http://{Listeners.Admin}",
        DataDirectory.FullPath);
}

/// <summary>The conferences of config/conferences.json, read and checked before anything is opened.</summary>
/// <param name="Open">Those that are not made yet: it lives as long as the process and is empty most of the time.
/// </param>
public sealed record ProvisionedConferences(Queue<ConferenceDto> Open);
