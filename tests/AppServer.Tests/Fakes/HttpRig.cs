using AppServer.Admin;
using AppServer.Configuration;
using AppServer.Downloads;
using AppServer.FrontDoor;
using AppServer.Lifetime;
using AppServer.Provisioning;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Store.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AppServer.Tests.Fakes;

/// <summary>Both HTTP listeners on the test host, with in-memory stores and a fake gateway.</summary>
internal sealed class HttpRig : IAsyncDisposable
{
    private const string ListenerHeader = "X-Test-Listener";

    private readonly WebApplication _app;

    private HttpRig(WebApplication app) => _app = app;

    internal FakeTimeProvider Time { get; private init; } = null!;

    internal FakeGateway Gateway { get; } = new();

    internal ServerStatus Status { get; } = new();

    internal StoreFaults Faults => _app.Services.GetRequiredService<StoreFaults>();

    internal IBlobStore Blobs => _app.Services.GetRequiredService<IBlobStore>();

    internal IConferenceStore Store => _app.Services.GetRequiredService<IConferenceStore>();

    internal DownloadLinks Links => _app.Services.GetRequiredService<DownloadLinks>();

    internal static async Task<HttpRig> StartAsync(string? token = null, AppServerOptions? options = null)
    {
        options ??= new AppServerOptions();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        var services = builder.Services;
        HttpRig? rig = null;
        services.AddRoutingCore();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(options.Admin);
        services.AddSingleton(options.Probes);
        services.AddSingleton(options.Downloads);
        services.AddSingleton(options.Server);
        services.AddSingleton(options.Http with { PublicBaseUrl = "https://conf.example" });
        services.AddSingleton<PublicAddress>();
        services.AddSingleton(new ServerSecret(new byte[32]));
        services.AddSingleton(new AdminToken(token));
        services.AddSingleton(new FocusOptions());
        services.AddSingleton<StoreFaults>();
        services.AddSingleton<IConferenceStore, InMemoryConferenceStore>();
        services.AddSingleton<IBlobStore, InMemoryBlobStore>();
        services.AddSingleton<DomainNames>();
        services.AddSingleton<IConferenceGateway>(_ => rig!.Gateway);
        services.AddSingleton(_ => rig!.Status);
        services.AddProvisioning();
        services.AddDownloads();
        var app = builder.Build();
        app.Use((context, next) =>
        {
            var name = context.Request.Headers[ListenerHeader].ToString();
            context.Request.Headers.Remove(ListenerHeader);
            context.Features.Set<IConnectionItemsFeature>(new ConnectionItems
            {
                Items = { ["listener"] = Enum.Parse<ProbeListener>(name) },
            });
            return next(context);
        });
        HttpPipeline.Build(app, options);
        rig = new HttpRig(app) { Time = time };
        await app.StartAsync();
        return rig;
    }

    internal HttpClient Client(ProbeListener listener, string? token = null)
    {
        var client = _app.GetTestClient();
        client.DefaultRequestHeaders.Add(ListenerHeader, listener.ToString());
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class ConnectionItems : IConnectionItemsFeature
    {
        IDictionary<object, object?> IConnectionItemsFeature.Items
        {
            get => Items;
            set => throw new NotSupportedException();
        }

        internal Dictionary<object, object?> Items { get; } = [];
    }
}
