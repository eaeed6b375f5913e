using AppServer.Registrations;
using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>Registers the fan-out with its links and client transactions.</summary>
public static class FanoutServices
{
    /// <summary>Needs, registered elsewhere: the SIP stack (given <see cref="FanoutResponses"/> as its interceptor),
    /// <see cref="IContactDirectory"/>, <see cref="IContentReferences"/>, the stores, and a clock.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="fanout">Limits and times of the fan-out.</param>
    /// <param name="links">Limits of the paths.</param>
    /// <param name="slots">Limits and times of the client transactions.</param>
    /// <param name="nodeName">This node's host name in Call-IDs.</param>
    /// <param name="transports">Gives the SIP stack's transports; asked at the first delivery.</param>
    public static IServiceCollection AddFanout(
        this IServiceCollection services, FanoutOptions fanout, LinkOptions links, DeliverySlotsOptions slots,
        string nodeName, Func<IServiceProvider, SipTransports> transports)
    {
        services.AddSingleton(s => new DeliverySlots(
            slots, DeliveryToken.CreateRandom(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FanoutResponses>();
        services.AddSingleton<IParticipantLinks>(s =>
        {
            var paths = new SipLinks(
                links, s.GetRequiredService<IContactDirectory>(), () => transports(s),
                s.GetRequiredService<DeliverySlots>(), nodeName, s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<ILogger<SipLinks>>());
            WindowMetrics.Register(paths);
            return paths;
        });
        services.AddSingleton(s =>
        {
            // First: it gives up dead contacts before the wake-up.
            var paths = s.GetRequiredService<IParticipantLinks>();
            var engine = new FanoutEngine(
                fanout, paths, s.GetRequiredService<IContentReferences>(),
                s.GetRequiredService<IConferenceStore>(), s.GetRequiredService<IBlobStore>(),
                s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<FanoutEngine>>());
            s.GetRequiredService<IContactDirectory>().BecameReachable += engine.Wake;
            return engine;
        });
        services.AddSingleton<IFanoutEngine>(s => s.GetRequiredService<FanoutEngine>());
        return services;
    }
}
