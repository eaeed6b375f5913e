using System.Text;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Xunit;

namespace EndToEnd.BadInput;

/// <summary>The target in <c>Ims</c> mode: 127.0.0.1 is the trust domain, 127.0.0.2 is not.</summary>
public sealed class ImsTarget : BadInputTarget
{
    /// <summary>An address outside the trust domain.</summary>
    internal const string Outside = "127.0.0.2";

    private ScscfStub _scscf = null!;
    private RawSip _members = null!;

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        _members.Dispose();
        await base.DisposeAsync();
        await _scscf.DisposeAsync();
    }

    internal override async Task<RawReply> SendOnceAsync(RawSip raw, int user, RawMessage message)
    {
        var credentials = await CredentialsAsync(raw, user, message.Target);
        return await raw.AskAsync((message with { MoreHeaders = credentials + message.MoreHeaders }).Text(raw));
    }

    internal override Task<string> CredentialsAsync(RawSip raw, int user, string target) =>
        Task.FromResult($"P-Asserted-Identity: <{User(user)}>\r\n");

    /// <summary>Waits until the witness was sent a text; gives the whole body.</summary>
    internal Task<string> SeesAsync(string text) => _scscf.SeesAsync(User(Witness), text);

    internal override async Task AssertOthersAreServedAsync()
    {
        await SayAsync(Chair, Witness);
        await SayAsync(Witness, Chair);
    }

    private protected override async Task<ServerUnderTest> StartAsync()
    {
        _scscf = await ScscfStub.StartAsync();
        return await ServerUnderTest.StartAsync(
            "--Server:Mode=Ims", "--Ims:TrustedPeers=127.0.0.1", $"--Ims:ScscfRoute=sip:{_scscf.Address}");
    }

    private protected override async Task PrepareAsync()
    {
        _members = await RawSip.OpenAsync("tcp", Server.Sip);
        var create = new ConferenceRequest(
            "create", new CreateConference("Attacked", [.. Members()], Rights.Draw, IsOpen: false));
        var created = await SendAsync(
            _members, Chair, Encoding.UTF8.GetString(RequestWriter.Write(create)), Server.FactoryUri);
        Conference = ConferenceUri.Parse(created.Value("Conference-Uri").Trim('<', '>'));
        foreach (var action in (string[])[BadBodies.Announce, BadBodies.Page(1)])
        {
            Assert.Equal(202, (await SendAsync(_members, Chair, BadBodies.Request(action))).Status);
        }
    }

    private async Task SayAsync(int from, int to)
    {
        var text = Guid.NewGuid().ToString("N");
        var reply = await SendAsync(_members, from, BadBodies.Request($"<say>{text}</say>"));
        Assert.Equal(202, reply.Status);
        await _scscf.SeesAsync(User(to), text);
    }
}
