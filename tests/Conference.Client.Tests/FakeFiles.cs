using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Conference.Client.Tests;

/// <summary>An HTTP server on a free port: what was put is there, the rest is 404. First come the faults that a test
/// asked for.</summary>
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
        _app.MapGet("/{name}", AnswerAsync);
    }

    /// <summary>What goes wrong with a request.</summary>
    internal enum Fault
    {
        /// <summary>500.</summary>
        Error,

        /// <summary>The stream breaks after half of the file.</summary>
        Break,

        /// <summary>Half of the file, then nothing.</summary>
        Stall,
    }

    /// <summary>Faults of the next requests, in order.</summary>
    internal ConcurrentQueue<Fault> Faults { get; } = new();

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

    private static Task EndOf(CancellationToken request) =>
        Task.Delay(Timeout.Infinite, request).ContinueWith(_ => { }, TaskScheduler.Default);

    private async Task AnswerAsync(HttpContext context, string name)
    {
        Interlocked.Increment(ref _requests);
        var response = context.Response;
        if (!_files.TryGetValue(name, out var file))
        {
            response.StatusCode = 404;
        }
        else if (!Faults.TryDequeue(out var fault))
        {
            await response.Body.WriteAsync(file);
        }
        else if (fault == Fault.Error)
        {
            response.StatusCode = 500;
        }
        else
        {
            response.ContentLength = file.Length;
            await response.Body.WriteAsync(file.AsMemory(0, file.Length / 2));
            await response.Body.FlushAsync();
            if (fault == Fault.Stall) await EndOf(context.RequestAborted);
            context.Abort();
        }
    }
}
