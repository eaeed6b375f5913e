using AppServer.Configuration;
using AppServer.FrontDoor;
using Conference.Actors.Fanout;
using Sip.Stack.Delivery;

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
        services.AddSingleton<IDrainable>(MakeDeliveryDrain);
        services.AddSingleton<Drain>();
        services.AddSingleton<ServerParts>();
        services.AddHostedService<ServerRun>();
    }

    private static DeliveryDrain MakeDeliveryDrain(IServiceProvider provider)
    {
        var engine = provider.GetRequiredService<FanoutEngine>();
        var slots = provider.GetRequiredService<DeliverySlots>();
        return new DeliveryDrain(
            provider.GetRequiredService<LifetimeOptions>(), () => engine.IsSettled, () => slots.InFlight,
            engine.FlushAllAsync, provider.GetRequiredService<TimeProvider>());
    }
}
