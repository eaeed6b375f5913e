using AppServer.Configuration;
using AppServer.Registrations;
using AppServer.Tests.Fakes;
using Conference.Protocol;
using Xunit;

namespace AppServer.Tests.FrontDoor;

public sealed class RegistrarDeskTests : IDisposable
{
    private readonly FrontDoorRig _rig = new(ServerMode.Standalone);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Register_WithPassword_BindsTheContact_AndTheDirectoryFindsIt()
    {
        var contacts = new StandaloneContacts(_rig.Registrar);
        var reachable = new List<ParticipantUri>();
        contacts.BecameReachable += reachable.Add;
        var exchange = await _rig.SendAsync(Register("Contact: <sip:alice@10.0.0.1:5070>;q=0.5;expires=120"));
        Assert.Equal(200, exchange.Answer!.StatusCode);
        Assert.Contains("expires=120", exchange.Header("Contact"), StringComparison.Ordinal);

        var alice = ParticipantUri.Parse("sip:alice@conf.example");
        Assert.Equal(alice, Assert.Single(reachable));
        Assert.True(contacts.TryLocate(alice, out var route));
        Assert.Equal("sip:alice@10.0.0.1:5070", route.RequestUri);
        Assert.Equal("192.0.2.1:5060", route.Destination.Address.ToString()); // where it wrote from, not the Contact
        Assert.False(route.AssertsIdentity);
        _rig.Time.Advance(TimeSpan.FromSeconds(121));
        Assert.False(contacts.TryLocate(alice, out _));
    }

    [Fact]
    public async Task Register_OfSomebodyElse_Rejects403()
    {
        var message = Register("Contact: <sip:evil@10.0.0.1>").Replace(
            "To: <sip:alice@conf.example>", "To: <sip:bob@conf.example>", StringComparison.Ordinal);
        var exchange = await _rig.SendAsync(message);
        Assert.Equal((403, "Not Your Address-of-Record"), (exchange.Answer!.StatusCode, exchange.Answer.ReasonPhrase));
    }

    [Fact]
    public async Task Register_OfAnotherDomain_Rejects404()
    {
        var message = Register("Contact: <sip:alice@10.0.0.1>").Replace(
            "To: <sip:alice@conf.example>", "To: <sip:alice@elsewhere.example>", StringComparison.Ordinal);
        Assert.Equal(404, (await _rig.SendAsync(message)).Answer!.StatusCode);
    }

    [Fact]
    public async Task Register_TooBrief_Rejects423WithMinExpires()
    {
        var exchange = await _rig.SendAsync(Register("Contact: <sip:alice@10.0.0.1>;expires=5"));
        Assert.Equal(423, exchange.Answer!.StatusCode);
        Assert.Equal("60", exchange.Header("Min-Expires"));
    }

    [Fact]
    public async Task Register_WithoutPassword_IsChallenged()
    {
        var exchange = await _rig.SendOnceAsync(Register("Contact: <sip:alice@10.0.0.1>"));
        Assert.Equal(401, exchange.Answer!.StatusCode);
    }

    private string Register(string header) => _rig.Message(
        "sip:conf.example", headers: header, method: "REGISTER", type: "text/plain", body: "x")
        .Replace("To: <sip:conf.example>", "To: <sip:alice@conf.example>", StringComparison.Ordinal);
}
