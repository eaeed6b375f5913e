using System.Net;
using System.Text;
using AppServer.Configuration;
using AppServer.FrontDoor;
using AppServer.FrontDoor.Admission;
using AppServer.Lifetime;
using AppServer.Provisioning;
using BenchmarkDotNet.Attributes;
using Conference.Actors.Focus;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack;
using Sip.Stack.Messages;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace Benchmarks.Sip;

/// <summary>What a request costs that is refused before it has a transaction: the receive thread's part of a flood,
/// without the socket.</summary>
[MemoryDiagnoser]
public class RefusalBenchmarks : ISipRequestHandler, ITransactionWire
{
    private static readonly IPEndPoint Remote = new(IPAddress.Loopback, 5070);
    private static readonly IPEndPoint Local = new(IPAddress.Loopback, 5060);
    private readonly ManualTime _time = new();
    private readonly byte[] _message = Encoding.ASCII.GetBytes(
        """
        MESSAGE sip:conf-load-00001@conf.example SIP/2.0
        Via: SIP/2.0/UDP 127.0.0.1:40000;branch=z9hG4bKload100000001;rport
        Max-Forwards: 70
        From: <sip:c00001m00001@conf.example>;tag=100000001
        To: <sip:conf-load-00001@conf.example>
        Call-ID: 100000001@127.0.0.1
        CSeq: 1 MESSAGE
        P-Asserted-Identity: <sip:c00001m00001@conf.example>
        Content-Type: application/vnd.ims-conference+xml
        Content-Length: 300


        """.ReplaceLineEndings("\r\n") + new string('x', 300));

    private TransactionTable _table = null!;
    private RequestAdmission _admission = null!;
    private SipRequest _request = null!;
    private SipPeer _peer;

    /// <inheritdoc/>
    StatelessRefusal? ISipRequestHandler.Admit(SipRequest request, in SipPeer peer, RequestMark mark) =>
        _admission.Refuse(request, peer, mark);

    /// <inheritdoc/>
    ValueTask ISipRequestHandler.HandleAsync(SipServerExchange exchange) =>
        throw new InvalidOperationException("It was admitted.");

    /// <inheritdoc/>
    SipSendOutcome ITransactionWire.Send(
        in SipDestination destination, IPEndPoint? from, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body,
        out SipConnection? used)
    {
        used = null;
        return SipSendOutcome.Sent;
    }

    [GlobalSetup]
    public void Setup()
    {
        var server = new ServerOptions { Mode = ServerMode.Ims, Domain = "conf.example" };
        var uris = new ConferenceUris(server, new ServerSecret(new byte[32]));
        _admission = new RequestAdmission(
            new AdmissionOptions(), new FrontDoorOptions(), server,
            new FocusRouter(uris, new DomainNames(server), trustsServedUser: true), () => false, _ => null,
            new StoreQueue(), _time);
        _table = new TransactionTable(
            new SipStackOptions(), this, this, _time, NullLogger.Instance);
        _peer = new SipPeer(SipTransportKind.Udp, Remote, Local, null) { ReadAt = _time.GetTimestamp() };
        SipMessageReader.TryRead(_message, SipParseLimits.Default, out var message);
        _request = (SipRequest)message!;

        // As many under way as there are places, and all of them have waited too long.
        for (var i = 0; i < 64; i++) _admission.Enter(_request, _peer);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            for (var k = 0; k < 10; k++)
                _admission.NoteDecided(_peer, TimeSpan.Zero, _request.RequestUriText);
        }

        _peer = _peer with { ReadAt = _time.GetTimestamp() };
    }

    [Benchmark(Baseline = true, Description = "read a MESSAGE, refuse it without a transaction")]
    public void Refuse() => _table.OnMessage(_message, _peer);

    [Benchmark(Description = "of it: read it")]
    public SipParseOutcome Read() => SipMessageReader.TryRead(_message, SipParseLimits.Default, out _);

    [Benchmark(Description = "of it: decide")]
    public StatelessRefusal? Decide() => _admission.Refuse(_request, _peer, RequestMark.Of(_request));

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
