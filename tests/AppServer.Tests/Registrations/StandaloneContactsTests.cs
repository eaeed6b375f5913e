using System.Net;
using AppServer.Registrations;
using Conference.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Messages;
using Sip.Stack.Registration;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Registrations;

public sealed class StandaloneContactsTests : IDisposable
{
    private static readonly ParticipantUri Alice = ParticipantUri.Parse("sip:alice@conference.example");
    private static readonly IPEndPoint Flow = IPEndPoint.Parse("127.0.0.5:40001");

    private readonly Registrar _registrar = new(
        new RegistrarOptions(), null, new FakeTimeProvider(), NullLogger<Registrar>.Instance);

    [Fact]
    public async Task TryLocate_RegisteredOverUdp_GoesWhereItWroteFrom()
    {
        var contacts = new StandaloneContacts(_registrar);
        await RegisterAsync("sip:alice@192.0.2.9:5062", SipTransportKind.Udp, 1);

        Assert.True(contacts.TryLocate(Alice, out var route));

        Assert.Equal(new SipDestination(SipTransportKind.Udp, Flow), route.Destination);
        Assert.Equal("sip:alice@192.0.2.9:5062", route.RequestUri);
    }

    [Theory]
    [InlineData("sip:alice@192.0.2.9:5062;transport=tcp", "192.0.2.9:5062", SipTransportKind.Tcp)]
    [InlineData("sip:alice@192.0.2.9", "192.0.2.9:5060", SipTransportKind.Udp)]
    [InlineData("sip:alice@phone.example;transport=tcp", "127.0.0.5:40001", SipTransportKind.Tcp)]
    public async Task TryLocate_StreamIsGone_GoesToTheContact(
        string contact, string address, SipTransportKind transport)
    {
        var contacts = new StandaloneContacts(_registrar);
        await RegisterAsync(contact, SipTransportKind.Tcp, 1); // as restored: the stream was another process's

        Assert.True(contacts.TryLocate(Alice, out var route));

        Assert.Equal(new SipDestination(transport, IPEndPoint.Parse(address)), route.Destination);
    }

    [Fact]
    public async Task TryLocate_SameBinding_GivesTheSameRoute_AndAnotherAfterARefresh()
    {
        var contacts = new StandaloneContacts(_registrar);
        await RegisterAsync("sip:alice@192.0.2.9:5062", SipTransportKind.Udp, 1);
        contacts.TryLocate(Alice, out var first);
        contacts.TryLocate(Alice, out var second);
        await RegisterAsync("sip:alice@192.0.2.9:5062", SipTransportKind.Udp, 2);
        contacts.TryLocate(Alice, out var third);

        Assert.Same(first, second);
        Assert.NotSame(first, third);
    }

    [Fact]
    public async Task BecameReachable_IsRaisedForRegistrationsAndNotForTheirEnd()
    {
        var contacts = new StandaloneContacts(_registrar);
        var reachable = new List<ParticipantUri>();
        contacts.BecameReachable += reachable.Add;

        await RegisterAsync("sip:alice@192.0.2.9:5062", SipTransportKind.Udp, 1);
        await RegisterAsync("sip:alice@192.0.2.9:5062", SipTransportKind.Udp, 2, expires: 0);

        Assert.Equal([Alice], reachable);
        Assert.False(contacts.TryLocate(Alice, out _));
    }

    public void Dispose() => _registrar.Dispose();

    private async Task RegisterAsync(string contact, SipTransportKind transport, uint cseq, uint expires = 600)
    {
        var command = new RegisterCommand
        {
            CallId = "c1",
            CSeq = cseq,
            Contacts = [new RegisterContact(SipUri.Parse(contact), contact, Expires: expires)],
            Flow = new BindingFlow(transport, Flow),
        };
        await _registrar.RegisterAsync(Alice.Value, command, CancellationToken.None);
    }
}
