using System.Net;
using AppServer.Configuration;
using AppServer.Registrations;
using Conference.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Registration;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Registrations;

public sealed class ImsContactsTests
{
    private static readonly ParticipantUri Alice = ParticipantUri.Parse("sip:alice@ims.example");

    [Theory]
    [InlineData("sip:127.0.0.12:5060", true, "<sip:127.0.0.12:5060;lr;orig>")]
    [InlineData("sip:127.0.0.12:5060;lr", true, "<sip:127.0.0.12:5060;lr;orig>")]
    [InlineData("sip:127.0.0.12:5060;transport=tcp", false, "<sip:127.0.0.12:5060;transport=tcp;lr>")]
    [InlineData("sip:orig@scscf.example;lr=on", true, "<sip:orig@scscf.example;lr=on;orig>")]
    public void RouteHeader_HasLooseRouting_AndOrigWhenAsked(string uri, bool originating, string expected) =>
        Assert.Equal(expected, ImsContacts.RouteHeader(uri, originating));

    [Fact]
    public void TryLocate_OnceResolved_SendsEverybodyThroughTheScscf_RegisteredOrNot()
    {
        using var registrations = Registrations();
        var contacts = new ImsContacts(new ImsOptions { ScscfRoute = "sip:127.0.0.12:5060" }, registrations);
        Assert.False(contacts.TryLocate(Alice, out _));
        contacts.Resolved(new SipDestination(SipTransportKind.Udp, IPEndPoint.Parse("127.0.0.12:5060")));
        Assert.True(contacts.TryLocate(Alice, out var route));
        Assert.Null(route.RequestUri); // The identity itself: one route for all.
        Assert.Equal("<sip:127.0.0.12:5060;lr;orig>", Assert.Single(route.RouteSet));
        Assert.True(route.AssertsIdentity);
    }

    [Fact]
    public void Report_OfARegistration_MakesReachable_AlsoWhenItIsARefresh()
    {
        using var registrations = Registrations();
        var contacts = new ImsContacts(new ImsOptions { ScscfRoute = "sip:127.0.0.12:5060" }, registrations);
        var reachable = new List<ParticipantUri>();
        contacts.BecameReachable += reachable.Add;
        registrations.Report(new ThirdPartyReport(Alice.Value, "c1", 1, "b1", 600, []));
        registrations.Report(new ThirdPartyReport(Alice.Value, "c2", 1, "b2", 600, []));
        registrations.Report(new ThirdPartyReport(Alice.Value, "c3", 1, "b3", 0, []));
        Assert.Equal([Alice, Alice], reachable);
    }

    private static ThirdPartyRegistrations Registrations() => new(
        new ThirdPartyOptions(), new FakeTimeProvider(), NullLogger<ThirdPartyRegistrations>.Instance);
}
