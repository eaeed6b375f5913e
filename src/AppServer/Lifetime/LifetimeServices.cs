using AppServer.FrontDoor;
using Conference.Actors.Fanout;

namespace AppServer.Lifetime;

/// <summary>Puts together start and end.</summary>
internal static class LifetimeServices
{
    /// <summary>The run, the drain with what it waits for, and the wake-up.</summary>
    internal static void AddLifetime(this IServiceCollection services)
    {
        services.AddSingleton<ServerStatus>();
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<ConferenceWakeUp>();
        services.AddSingleton<IDrainable>(provider => provider.GetRequiredService<FrontDoorHandler>());
        services.AddSingleton<IDrainable, FanoutDrain>();
        services.AddSingleton<Drain>();
        services.AddSingleton<ServerParts>();
        services.AddHostedService<ServerRun>();
    }

    private sealed class FanoutDrain(FanoutEngine engine) : IDrainable
    {
        public string Name => "deliveries";

        public bool IsSettled => engine.IsSettled;

        public Task HurryAsync() => engine.FlushAllAsync();
    }
}
