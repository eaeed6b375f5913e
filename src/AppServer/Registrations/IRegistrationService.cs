namespace AppServer.Registrations;

/// <summary>What knows where members are, as something to be started.</summary>
public interface IRegistrationService
{
    /// <summary>Takes over what the store has. A store that is away does not stop the server (R12): it starts without,
    /// and clients register again.</summary>
    Task StartAsync(CancellationToken cancel);
}
