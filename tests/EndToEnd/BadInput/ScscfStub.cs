using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack;
using Sip.Stack.Transport;
using Tests.Shared;

namespace EndToEnd.BadInput;

/// <summary>Stands where the S-CSCF is: takes the server's requests over UDP and TCP, for every member, answers 200.
/// </summary>
internal sealed class ScscfStub : ISipRequestHandler, IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Target, string Body)> _taken = new();
    private readonly SipStack _stack;

    private ScscfStub() => _stack = new SipStack(
        new SipStackOptions
        {
            Transport = new()
            {
                Endpoints = [new SipListenEndpoint { Port = 0 }],
                SystemCalls = SystemCallsUnderTest.Chosen,
            },
        },
        this, TimeProvider.System, NullLoggerFactory.Instance);

    internal IPEndPoint Address => _stack.ListenPoints[0].Address;

    internal static async Task<ScscfStub> StartAsync()
    {
        var stub = new ScscfStub();
        await stub._stack.StartAsync();
        return stub;
    }

    public ValueTask HandleAsync(SipServerExchange exchange)
    {
        _taken.Enqueue((exchange.Request.RequestUriText, Encoding.UTF8.GetString(exchange.Request.Body.Span)));
        exchange.Respond(200);
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits until a member was sent a body that holds a text; gives that body.</summary>
    internal async Task<string> SeesAsync(string member, string text)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var deadline = new CancellationTokenSource(RawSip.Patience);
        while (true)
        {
            var found = _taken.FirstOrDefault(
                one => one.Target == member && one.Body.Contains(text, StringComparison.Ordinal));
            if (found.Body is not null) return found.Body;
            await tick.WaitForNextTickAsync(deadline.Token);
        }
    }

    public ValueTask DisposeAsync() => _stack.DisposeAsync();
}
