using AppServer.Configuration;
using AppServer.FrontDoor;
using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Sip.Stack.Delivery;

namespace AppServer.Lifetime;

/// <summary>Puts together start and end.</summary>
internal static class LifetimeServices
{
    /// <summary>The run, the drain with what it waits for, the wake-up, and the memory that sleepers leave.</summary>
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
        services.AddHostedService(MakeMemoryTrim);
    }

    private static MemoryTrim MakeMemoryTrim(IServiceProvider provider) => new(
        provider.GetRequiredService<LifetimeOptions>(), () => FocusMetrics.Conferences,
        provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MemoryTrim>>());

    private static DeliveryDrain MakeDeliveryDrain(IServiceProvider provider)
    {
        var engine = provider.GetRequiredService<FanoutEngine>();
        var slots = provider.GetRequiredService<DeliverySlots>();
        return new DeliveryDrain(
            provider.GetRequiredService<LifetimeOptions>(), () => engine.IsSettled, () => slots.InFlight,
            engine.FlushAllAsync, provider.GetRequiredService<TimeProvider>());
    }
}
