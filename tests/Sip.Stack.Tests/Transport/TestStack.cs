using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Messages;
using Sip.Stack.Transport;
using Tests.Shared;

namespace Sip.Stack.Tests.Transport;

/// <summary>A stack on loopback with free ports, and a handler that a test can steer.</summary>
internal sealed class TestStack : ISipRequestHandler, IAsyncDisposable
{
    /// <summary>For what must come: only a failure waits that long, and a busy machine may take its time.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Channel<SipServerExchange> _exchanges = Channel.CreateUnbounded<SipServerExchange>();
    private readonly Channel<SipRequest> _acks = Channel.CreateUnbounded<SipRequest>();
    private readonly Channel<(SipConnection Connection, LinkReason Reason)> _ends =
        Channel.CreateUnbounded<(SipConnection, LinkReason)>();
    private readonly Func<SipServerExchange, ValueTask>? _handle;

    private TestStack(SipStackOptions options, TimeProvider time, Func<SipServerExchange, ValueTask>? handle)
    {
        _handle = handle;
        Stack = new SipStack(options, this, time, NullLoggerFactory.Instance);
        Stack.Transports.ConnectionClosed += (connection, reason) => _ends.Writer.TryWrite((connection, reason));
    }

    internal SipStack Stack { get; }

    internal IPEndPoint Udp => Stack.ListenPoints.First(p => p.Transport == SipTransportKind.Udp).Address;

    internal IPEndPoint Tcp => Stack.ListenPoints.First(p => p.Transport == SipTransportKind.Tcp).Address;

    public async ValueTask DisposeAsync() => await Stack.DisposeAsync();

    public async ValueTask HandleAsync(SipServerExchange exchange)
    {
        if (_handle is not null) await _handle(exchange);
        _exchanges.Writer.TryWrite(exchange);
    }

    public void OnAck(SipRequest ack, in SipPeer peer) => _acks.Writer.TryWrite(ack);

    /// <summary>Starts a stack; without a handler it answers everything with 200.</summary>
    internal static async Task<TestStack> StartAsync(
        SipTransportOptions? transport = null,
        TimeProvider? time = null,
        Func<SipServerExchange, ValueTask>? handle = null,
        Func<SipStackOptions, SipStackOptions>? with = null,
        SipSystemCalls? calls = null)
    {
        transport = (transport ?? new SipTransportOptions()) with
        {
            SystemCalls = calls ?? SystemCallsUnderTest.Chosen,
        };
        if (transport.Endpoints is [{ Port: 5060 }]) transport = transport with { Endpoints = [Loopback()] };
        var options = new SipStackOptions { Transport = transport };
        var stack = new TestStack(with?.Invoke(options) ?? options, time ?? TimeProvider.System, handle ?? Answer200);
        await stack.Stack.StartAsync();
        return stack;
    }

    internal static SipListenEndpoint Loopback(IPAddress? address = null) =>
        new() { Address = address ?? IPAddress.Loopback, Port = 0 };

    internal static ValueTask Answer200(SipServerExchange exchange)
    {
        exchange.Respond(200);
        return default;
    }

    internal static ValueTask KeepSilent(SipServerExchange exchange) => default;

    /// <summary>Waits for what comes from the kernel or another thread and tells nobody.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    internal async Task<SipServerExchange> NextExchangeAsync() =>
        await _exchanges.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    internal async Task<SipRequest> NextAckAsync() => await _acks.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    internal async Task<(SipConnection Connection, LinkReason Reason)> NextEndAsync() =>
        await _ends.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Lets virtual time go on, a second at a time, until a stream has ended. In steps: what the stream does
    /// with a time runs on threads of its own, and may begin late on a busy machine.</summary>
    internal async Task<(SipConnection Connection, LinkReason Reason)> NextEndAsync(FakeTimeProvider time)
    {
        var end = NextEndAsync();
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(10)));
        }

        return await end;
    }

    internal bool HasMoreExchanges => _exchanges.Reader.TryPeek(out _);
}
