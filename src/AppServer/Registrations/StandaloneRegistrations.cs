using Conference.Actors.Ports;
using Sip.Stack.Registration;

namespace AppServer.Registrations;

/// <summary>Restores the registrar.</summary>
public sealed class StandaloneRegistrations : IRegistrationService
{
    private readonly Registrar _registrar;
    private readonly ILogger _logger;

    /// <summary>Puts it together.</summary>
    public StandaloneRegistrations(Registrar registrar, ILogger<StandaloneRegistrations> logger)
    {
        _registrar = registrar;
        _logger = logger;
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancel)
    {
        try
        {
            await _registrar.RestoreAsync(cancel);
        }
        catch (StoreUnavailableException failure)
        {
            RegistrationsLog.NotRestored(_logger, failure.Message);
        }
    }
}
