using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Conference.Client.Tests;

/// <summary>An HTTP server on a free port: what was put is there, the rest is 404.</summary>
internal sealed class FakeFiles : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private int _requests;

    private FakeFiles()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapGet("/{name}", (string name) =>
        {
            Interlocked.Increment(ref _requests);
            return _files.TryGetValue(name, out var file) ? Results.Bytes(file) : Results.NotFound();
        });
    }

    /// <summary>How many were asked for.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    internal static async Task<FakeFiles> StartAsync()
    {
        var files = new FakeFiles();
        await files._app.StartAsync();
        return files;
    }

    internal string HrefOf(string name) => $"{_app.Urls.Single()}/{name}";

    internal void Put(string name, byte[] content) => _files[name] = content;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
