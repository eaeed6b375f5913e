using AppServer.Configuration;
using AppServer.Downloads;
using AppServer.FrontDoor;
using AppServer.Links;
using AppServer.Metrics;
using AppServer.Provisioning;
using AppServer.Registrations;
using Conference.Actors.Focus;
using Conference.Store;
using Sip.Stack;

namespace AppServer.Lifetime;

/// <summary>The composition root: which part stands on which. The order is the order of the start.</summary>
public static class ServerApp
{
    /// <summary>Puts the server together. Nothing is opened before it runs.</summary>
    /// <param name="configuration">Without faults.</param>
    /// <param name="inputs">The files it names.</param>
    /// <param name="data">Locked for this process.</param>
    public static WebApplication Build(LoadedConfiguration configuration, ServerInputs inputs, DataDirectory data)
    {
        var options = configuration.Options;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        Logging.Configure(builder.Logging, options.Log);
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(data);
        services.AddSingleton(inputs.AdminToken);
        services.AddSingleton(inputs.Conferences);
        AddOptions(services, options);
        services.AddSingleton(ServerSecret.Load(options.Server with { DataDirectory = data.FullPath }));

        services.AddConferenceStore(StoreIn(options.Store, data));
        services.AddDownloads();
        services.AddRegistrations(options);
        services.AddSingleton<SipEntry>();
        services.AddSingleton(provider => MakeStack(provider, options));
        services.AddSingleton(provider => provider.GetRequiredService<SipStack>().Resolver);
        services.AddFanout(
            options.Fanout, options.Links.For(options.Server.Mode), options.Sip.ForDeliveries(), options.Server.Domain,
            provider => provider.GetRequiredService<SipStack>().Transports);
        services.AddConferenceFocus(options.Focus);
        services.AddProvisioning();
        services.AddFrontDoor(options, inputs.Users);
        services.AddLifetime();

        var listeners = new HttpListeners();
        services.AddSingleton(listeners);
        services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => listeners.Configure(kestrel, options));
        var app = builder.Build();
        HttpPipeline.Build(app, options);
        RuntimeMetrics.Register();
        return app;
    }

    // The parts take their own section, never all of it.
    private static void AddOptions(IServiceCollection services, AppServerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Server);
        services.AddSingleton(options.Http);
        services.AddSingleton(options.Admin);
        services.AddSingleton(options.Probes);
        services.AddSingleton(options.Ims);
        services.AddSingleton(options.FrontDoor);
        services.AddSingleton(options.Admission);
        services.AddSingleton(options.Provisioning);
        services.AddSingleton(options.Downloads);
        services.AddSingleton(options.Lifetime);

        // The drain has its own deadline; the host's only ends what hangs behind it.
        services.Configure<HostOptions>(host => host.ShutdownTimeout =
            options.Lifetime.DrainDelay + options.Lifetime.DrainDeadline + TimeSpan.FromSeconds(15));
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
    }

    // Store:Sqlite:Folder left as it is means the data directory.
    private static StoreOptions StoreIn(StoreOptions store, DataDirectory data)
    {
        var isDefault = store.Sqlite.Folder == new StoreOptions().Sqlite.Folder;
        return isDefault ? store with { Sqlite = store.Sqlite with { Folder = data.FullPath } } : store;
    }

    private static SipStack MakeStack(IServiceProvider provider, AppServerOptions options)
    {
        var sip = options.Sip.ForStack(
            options.FrontDoor.RetryAfter(503)!.Value, provider.GetRequiredService<FanoutResponses>());
        if (provider.GetService<PeerList>() is { } peers)
        {
            sip = sip with
            {
                Transport = sip.Transport with
                {
                    TrustedNetworks = peers.Networks,
                    UdpUntrustedPerSecondMax = options.Ims.UntrustedPerSecondMax,
                },
            };
        }

        return new SipStack(
            sip, provider.GetRequiredService<SipEntry>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>());
    }
}
