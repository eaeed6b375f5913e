using AppServer.Admin;
using AppServer.Configuration;
using AppServer.FrontDoor;
using AppServer.Lifetime;
using AppServer.Provisioning;
using AppServer.Tests.Fakes;
using Conference.Actors.Focus;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tests.Shared;
using Xunit;

namespace AppServer.Tests.Provisioning;

public sealed class ConferenceProvisioningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeGateway _gateway = new();
    private readonly ConferenceProvisioning _provisioning;

    public ConferenceProvisioningTests()
    {
        var server = new ServerOptions();
        var uris = new ConferenceUris(server, new ServerSecret(new byte[32]));
        var reader = new ConferenceReader(uris, new DomainNames(server), new FocusOptions());
        _provisioning = new ConferenceProvisioning(
            reader, _gateway, _time, NullLogger<ConferenceProvisioning>.Instance);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ExampleFile_IsRead_AndMadeTheSameAtEveryStart()
    {
        var conferences = ConferencesFile.Read(
            Path.Combine(RepositoryRoot.Path, "config", "conferences.json"), 100, out var fault);
        Assert.Null(fault);
        await _provisioning.RunAsync(new(conferences), CancellationToken.None);
        await _provisioning.RunAsync(new(conferences), CancellationToken.None);
        Assert.Equal("sip:conf-lobby@conference.example", _gateway.Commands[0].Conference.Value);
        Assert.Equal(
            (_gateway.Commands[0].Request.Id, _gateway.Commands[0].ContentHash),
            (_gateway.Commands[1].Request.Id, _gateway.Commands[1].ContentHash));
        Assert.All(_gateway.Commands, command => Assert.True(command.IsOperator));
    }

    [Fact]
    public async Task Run_WithTheStoreAway_TriesAgainUntilItIsBack()
    {
        _gateway.Refuse(RefuseReason.StoreUnavailable);
        var open = new Queue<ConferenceDto>([new ConferenceDto { Chair = "sip:a@b" }]);
        var run = _provisioning.RunAsync(open, CancellationToken.None);
        Assert.False(run.IsCompleted);
        Assert.Single(open);
        _gateway.Answer = _ => ValueTask.FromResult<CommandOutcome>(new CommandOutcome.Accepted(1));
        _time.Advance(TimeSpan.FromSeconds(5));
        await run;
        Assert.Equal(2, _gateway.Commands.Count);
        Assert.Empty(open);
    }

    [Theory]
    [InlineData(RefuseReason.ConferenceExists)]
    [InlineData(RefuseReason.IdReused)]
    [InlineData(RefuseReason.UnknownConference)]
    public async Task Run_RefusedForGood_GoesOnWithTheNext(RefuseReason reason)
    {
        _gateway.Refuse(reason);
        var one = new ConferenceDto { Name = "one", Chair = "sip:a@b" };
        await _provisioning.RunAsync(new([one, one with { Name = "two" }]), CancellationToken.None);
        Assert.Equal(2, _gateway.Commands.Count);
    }

    [Theory]
    [InlineData("{ \"conferences\": [ { \"chiar\": \"sip:a@b\" } ] }")]
    [InlineData("{ \"conferences\": [ {}, {}, {} ] }")]
    [InlineData("[")]
    public void Read_BrokenOrTooLongFile_IsAFault(string json)
    {
        var path = Path.Combine(_folder.Path, "c.json");
        File.WriteAllText(path, json);
        Assert.Empty(ConferencesFile.Read(path, 2, out var fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void Read_MissingFile_HasNoConferences()
    {
        Assert.Empty(ConferencesFile.Read(Path.Combine(_folder.Path, "none.json"), 2, out var fault));
        Assert.Null(fault);
    }
}
