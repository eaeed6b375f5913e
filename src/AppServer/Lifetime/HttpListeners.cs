using System.Net;
using AppServer.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AppServer.Lifetime;

/// <summary>The two HTTP listeners of one web server, and which of them a request came to.</summary>
/// <remarks>A mark on the connection tells them apart: not the port, which a test leaves to the system, and not the
/// Host header, which the caller writes.</remarks>
public sealed class HttpListeners
{
    private const string Mark = "listener";

    private ListenOptions? _public;
    private ListenOptions? _admin;

    /// <summary>Where participants are served. Real once the server has started.</summary>
    public IPEndPoint Public => _public?.IPEndPoint ?? throw NotOpen();

    /// <summary>Where operators are served. Real once the server has started.</summary>
    public IPEndPoint Admin => _admin?.IPEndPoint ?? throw NotOpen();

    /// <summary>Sets up Kestrel.</summary>
    public void Configure(KestrelServerOptions kestrel, AppServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.Http.ConnectionsMax;
        kestrel.Limits.MaxRequestBodySize = options.Admin.BodyBytesMax;
        kestrel.Limits.MaxRequestLineSize = 4096;   // a token has at most 400 characters
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(1);
        kestrel.Listen(IPAddress.Parse(options.Http.Address), options.Http.Port, listen =>
        {
            _public = listen;
            listen.Use(next => connection => MarkAs(ProbeListener.Http, connection, next));
        });
        kestrel.Listen(IPAddress.Parse(options.Admin.Address), options.Admin.Port, listen =>
        {
            _admin = listen;
            listen.Use(next => connection => MarkAs(ProbeListener.Admin, connection, next));
        });
    }

    /// <summary>Which listener a request came to.</summary>
    public static ProbeListener Of(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Mark, out var listener) is true
            ? (ProbeListener)listener!
            : ProbeListener.None;

    private static Task MarkAs(ProbeListener listener, ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Items[Mark] = listener;
        return next(connection);
    }

    private static InvalidOperationException NotOpen() => new("The HTTP listeners are not configured yet.");
}
