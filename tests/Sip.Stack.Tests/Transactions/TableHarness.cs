using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Messages;
using Sip.Stack.Tests.Transport;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transactions;

/// <summary>A transaction table on a virtual clock and an in-memory wire.</summary>
internal sealed class TableHarness : ISipRequestHandler, IDisposable
{
    private static readonly IPEndPoint Remote = new(IPAddress.Parse("192.0.2.1"), 5060);
    private static readonly IPEndPoint Local = new(IPAddress.Parse("192.0.2.9"), 5060);

    internal TableHarness(Func<SipStackOptions, SipStackOptions>? with = null)
    {
        var options = new SipStackOptions();
        Table = new TransactionTable(with?.Invoke(options) ?? options, this, Wire, Time, NullLogger.Instance);
    }

    internal FakeTimeProvider Time { get; } = new();

    internal RecordingWire Wire { get; } = new();

    internal TransactionTable Table { get; }

    internal List<SipServerExchange> Exchanges { get; } = [];

    internal List<SipRequest> Acks { get; } = [];

    internal Func<SipServerExchange, ValueTask> Handle { get; set; } = _ => default;

    internal Func<SipRequest, StatelessRefusal?> Admit { get; set; } = _ => null;

    public void Dispose() => Table.Dispose();

    StatelessRefusal? ISipRequestHandler.Admit(SipRequest request, in SipPeer peer, RequestMark mark) =>
        Admit(request);

    public ValueTask HandleAsync(SipServerExchange exchange)
    {
        Exchanges.Add(exchange);
        return Handle(exchange);
    }

    public void OnAck(SipRequest ack, in SipPeer peer) => Acks.Add(ack);

    internal void Receive(string message, SipTransportKind transport = SipTransportKind.Udp) =>
        Table.OnMessage(TestMessages.Bytes(message), new SipPeer(transport, Remote, Local, null));

    /// <summary>Moves time in steps, as a running clock would, so that timers set by timers fire in between.</summary>
    internal void Advance(double seconds)
    {
        for (var left = (int)Math.Round(seconds * 1000); left > 0; left -= 100)
            Time.Advance(TimeSpan.FromMilliseconds(Math.Min(left, 100)));
    }

    internal Task<SipClientResult> Send(
        string method = "MESSAGE",
        SipTransportKind transport = SipTransportKind.Udp,
        Action<SipResponse>? onProvisional = null,
        CancellationToken cancel = default)
    {
        var builder = new SipRequestBuilder(method, "sip:bob@192.0.2.1")
            .From("sip:conf@192.0.2.9", "f1")
            .To("sip:bob@192.0.2.1")
            .CallId("c1")
            .Route("<sip:proxy.example;lr>");
        const string branch = "z9hG4bK-client";
        var via = $"SIP/2.0/{transport.ViaName()} 192.0.2.9:5060;branch={branch};rport";
        var call = new ClientCall(
            new ClientKey(branch, method),
            builder.BuildHead(via),
            builder.Body,
            method == "INVITE" ? AckOfRefusal.Of(builder, via) : null,
            builder.Method,
            new SipDestination(transport, Remote),
            onProvisional);
        return Table.SendAsync(call, cancel);
    }

    internal void ReceiveResponse(
        int status, string method = "MESSAGE", SipTransportKind transport = SipTransportKind.Udp) =>
        Receive(
            $"SIP/2.0 {status} X\r\n"
            + $"Via: SIP/2.0/{transport.ViaName()} 192.0.2.9:5060;branch=z9hG4bK-client;rport=5060\r\n"
            + "From: <sip:conf@192.0.2.9>;tag=f1\r\nTo: <sip:bob@192.0.2.1>;tag=t1\r\nCall-ID: c1\r\n"
            + $"CSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n",
            transport);
}
