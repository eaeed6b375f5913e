using System.Net;
using Microsoft.Extensions.Logging;
using Sip.Stack.Messages;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace Sip.Stack;

/// <summary>Transports, transactions and timers put together: what a server or client starts and stops.</summary>
public sealed class SipStack : IAsyncDisposable, ITransactionWire
{
    private readonly ILogger _log;
    private readonly TransactionTable _transactions;
    private readonly TimeProvider _time;
    private int _stopped;

    /// <summary>Puts the stack together; nothing is opened before <see cref="StartAsync"/>.</summary>
    public SipStack(SipStackOptions options, ISipRequestHandler handler, TimeProvider time, ILoggerFactory logs)
    {
        Options = options;
        _time = time;
        _log = logs.CreateLogger<SipStack>();
        _transactions = new TransactionTable(options, handler, this, time, _log);
        Resolver = new SipResolver(options.Resolver, time);
        Transports = new SipTransports(
            options.Transport, options.ParseLimits, _transactions, options.ResponseInterceptor, time, logs);
    }

    /// <summary>What it was built with.</summary>
    public SipStackOptions Options { get; }

    /// <summary>The way out for messages without a transaction of this layer.</summary>
    public SipTransports Transports { get; }

    /// <summary>From URIs to destinations.</summary>
    public SipResolver Resolver { get; }

    /// <summary>The listeners with their real ports.</summary>
    public IReadOnlyList<SipListenPoint> ListenPoints => Transports.ListenPoints;

    /// <summary>Server transactions alive.</summary>
    public int ServerTransactionCount => _transactions.ServerCount;

    /// <summary>Client transactions alive.</summary>
    public int ClientTransactionCount => _transactions.ClientCount;

    /// <summary>Requests that wait for their final response.</summary>
    public int UnansweredCount => _transactions.Servers.Unanswered;

    /// <summary>Opens the listeners.</summary>
    /// <exception cref="IOException">An address cannot be had; nothing stays open.</exception>
    public Task StartAsync(CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        Transports.Start();
        return Task.CompletedTask;
    }

    /// <summary>From now on new requests get 503 with Retry-After; open ones go on.</summary>
    public void BeginDrain() => _transactions.Servers.BeginDrain();

    /// <summary>
    /// Drains (waits for unanswered requests and write queues up to the deadline), then closes everything.
    /// </summary>
    public async Task StopAsync(TimeSpan deadline)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
        BeginDrain();
        using var timeout = new CancellationTokenSource(deadline, _time);
        try
        {
            await _transactions.Servers.Drained.WaitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            TransactionLog.StoppedUnanswered(_log, UnansweredCount);
        }

        _transactions.Dispose();
        await Transports.EndAsync(timeout.Token).ConfigureAwait(false);
        await Transports.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Sends a request in a client transaction; Via and Max-Forwards are added here.</summary>
    /// <param name="request">The request; not to be changed until the result is there.</param>
    /// <param name="destination">The next hop. Above 1,300 bytes UDP becomes TCP (RFC 3261 18.1.1).</param>
    /// <param name="cancel">Stops waiting; the peer is not told.</param>
    /// <returns>The final response, or why there is none. Never throws for what the network does.</returns>
    public Task<SipClientResult> SendAsync(
        SipRequestBuilder request, SipDestination destination, CancellationToken cancel = default) =>
        SendAsync(request, destination, null, cancel);

    /// <summary>The same; sees provisional responses too, on the receiving thread.</summary>
    public async Task<SipClientResult> SendAsync(
        SipRequestBuilder request,
        SipDestination destination,
        Action<SipResponse>? onProvisional,
        CancellationToken cancel = default)
    {
        if (destination.Transport != SipTransportKind.Udp || !IsTooLargeForUdp(request, destination))
            return await SendOnceAsync(request, destination, onProvisional, cancel).ConfigureAwait(false);

        // RFC 3261 18.1.1: a congestion-controlled transport; back to UDP only if the peer refuses TCP altogether.
        SipMetrics.TransportSwitches.WithLabels("tcp").Inc();
        var overTcp = destination with { Transport = SipTransportKind.Tcp };
        var result = await SendOnceAsync(request, overTcp, onProvisional, cancel).ConfigureAwait(false);
        if (result.LinkEnd != LinkReason.ConnectRefused) return result;

        SipMetrics.TransportSwitches.WithLabels("udp").Inc();
        return await SendOnceAsync(request, destination, onProvisional, cancel).ConfigureAwait(false);
    }

    /// <summary>Sends one message without a transaction: the ACK of a 2xx.</summary>
    public SipSendOutcome SendStateless(SipRequestBuilder request, SipDestination destination) =>
        Transports.Send(destination, request.BuildHead(ViaFor(destination, SipTags.NewBranch())), request.Body);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero).ConfigureAwait(false);

    SipSendOutcome ITransactionWire.Send(
        in SipDestination destination,
        IPEndPoint? from,
        ReadOnlyMemory<byte> head,
        ReadOnlyMemory<byte> body,
        out SipConnection? used) => Transports.Send(destination, from, head.Span, body, out used);

    private bool IsTooLargeForUdp(SipRequestBuilder request, in SipDestination destination)
    {
        var length = request.LengthWithoutVia + ViaFor(destination, "").Length + ViaOverhead;
        return length > Options.Transport.DatagramRequestBytesMax;
    }

    /// <summary>"Via: ", the end of the line, and a branch.</summary>
    private static int ViaOverhead => 7 + ViaHeader.MagicCookie.Length + 12;

    private Task<SipClientResult> SendOnceAsync(
        SipRequestBuilder request,
        SipDestination destination,
        Action<SipResponse>? onProvisional,
        CancellationToken cancel)
    {
        var branch = SipTags.NewBranch();
        var via = ViaFor(destination, branch);
        var ack = request.Method == SipMethod.Invite ? AckOfRefusal.Of(request, via) : null;
        var call = new ClientCall(
            new ClientKey(branch, request.MethodName),
            request.BuildHead(via),
            request.Body,
            ack,
            request.Method,
            destination,
            onProvisional);
        return _transactions.SendAsync(call, cancel);
    }

    /// <summary>
    /// The top Via: sent-by is where we listen, rport asks for an answer to where we send from (RFC 3581 3).
    /// </summary>
    private string ViaFor(in SipDestination destination, string branch)
    {
        var kind = destination.Transport;
        var sentBy = Transports.TryGetListenPoint(destination, out var point)
            || Transports.TryGetListenPoint(destination with { Transport = SipTransportKind.Udp }, out point)
                ? $"{point.AdvertisedHost}:{point.AdvertisedPort}"
                : ListenPointNames.Unbound(destination);
        return $"SIP/2.0/{kind.ViaName()} {sentBy};branch={branch};rport";
    }
}
