using System.Net;
using System.Net.Sockets;
using System.Text;
using AppServer.Configuration;
using AppServer.FrontDoor;
using AppServer.Tests.Fakes;
using Conference.Actors.Focus;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.FrontDoor.Admission;

/// <summary>The SIP stack on real sockets before a front door whose places are all taken.</summary>
public sealed class RefusalOnTheWireTests : IAsyncLifetime, IDisposable
{
    private const int Held = 80;

    private readonly FrontDoorRig _rig = new(
        ServerMode.Ims, peers: "127.0.0.0/8", admission: new AdmissionOptions { SenderPercentMax = 100 });

    private readonly TaskCompletionSource<CommandOutcome> _outcome = new();
    private readonly UdpClient _client = new(new IPEndPoint(IPAddress.Loopback, 0));
    private SipStack _stack = null!;

    private IPEndPoint Server => _stack.ListenPoints[0].Address;

    public async Task InitializeAsync()
    {
        var entry = new SipEntry();
        entry.Open(_rig.Door);
        var options = new SipStackOptions
        {
            Transport = new SipTransportOptions
            {
                Endpoints = [new SipListenEndpoint { Address = IPAddress.Loopback, Port = 0, Tcp = false }],
            },
        };
        _stack = new SipStack(options, entry, _rig.Time, NullLoggerFactory.Instance);
        await _stack.StartAsync();
    }

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public async Task Request_BeyondThePlaces_Gets503WithoutATransaction_AndItsResendTheSameBytes()
    {
        await TakeAllPlacesAsync();
        var message = Message("late");

        await SendAsync(message);
        var first = await ReceiveAsync();
        await SendAsync(message);
        var second = await ReceiveAsync();

        Assert.StartsWith("SIP/2.0 503 The server is overloaded\r\n", first, StringComparison.Ordinal);
        Assert.Matches("\r\nTo: <sip:conf-lobby@conf.example>;tag=[A-Za-z0-9_-]{11}\r\n", first);
        Assert.Matches("\r\nRetry-After: ([5-9]|10)\r\n", first);
        Assert.Equal(first, second);
        Assert.Equal(Held, _stack.ServerTransactionCount);
        Assert.Equal(Held, _rig.Gateway.Commands.Count);
    }

    [Fact]
    public async Task Requests_ThatHavePlaces_AreAnswered_AndThenOthersAreTaken()
    {
        await TakeAllPlacesAsync();
        await SendAsync(Message("0")); // a resend: absorbed, not refused
        _outcome.SetResult(new CommandOutcome.Accepted(7));

        for (var i = 0; i < Held; i++)
            Assert.StartsWith("SIP/2.0 202", await ReceiveAsync(), StringComparison.Ordinal);
        await SendAsync(Message("late"));
        Assert.StartsWith("SIP/2.0 202", await ReceiveAsync(), StringComparison.Ordinal);
    }

    private async Task TakeAllPlacesAsync()
    {
        var asked = 0;
        var allAsked = new TaskCompletionSource();
        _rig.Gateway.Answer = _ =>
        {
            if (++asked == Held) allAsked.SetResult();
            return new ValueTask<CommandOutcome>(_outcome.Task);
        };
        var late = FakeExchange.From(Message("decided")).Waited(TimeSpan.FromSeconds(1));
        _rig.Admission.NoteDecided(late.Peer, TimeSpan.Zero, late.Request.RequestUriText); // a running conference
        for (var i = 0; i < Held; i++) await SendAsync(Message($"{i}"));
        await allAsked.Task.WaitAsync(TimeSpan.FromMinutes(1));

        // Requests that were decided have waited a second.
        for (var i = 0; i < 400; i++)
        {
            _rig.Time.Advance(TimeSpan.FromMilliseconds(1));
            _rig.Admission.NoteDecided(late.Peer, TimeSpan.Zero, late.Request.RequestUriText);
        }
    }

    private string Message(string id) => $"""
        MESSAGE {_rig.Lobby.Value} SIP/2.0
        Via: SIP/2.0/UDP {_client.Client.LocalEndPoint};branch=z9hG4bK{id}
        Max-Forwards: 70
        From: <sip:alice@conf.example>;tag=1
        To: <{_rig.Lobby.Value}>
        Call-ID: {id}
        CSeq: 1 MESSAGE
        P-Asserted-Identity: <sip:{id}@conf.example>
        Content-Type: text/plain
        Content-Length: 5

        hello
        """.ReplaceLineEndings("\r\n");

    private async Task SendAsync(string message) => await _client.SendAsync(Encoding.ASCII.GetBytes(message), Server);

    private async Task<string> ReceiveAsync()
    {
        var received = await _client.ReceiveAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return Encoding.ASCII.GetString(received.Buffer);
    }
}
