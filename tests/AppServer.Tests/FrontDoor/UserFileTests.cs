using AppServer.FrontDoor;
using AppServer.Tests.Fakes;
using Sip.Stack.Authentication;
using Tests.Shared;
using Xunit;

namespace AppServer.Tests.FrontDoor;

public sealed class UserFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_PasswordAndHa1_GiveTheSameSecret()
    {
        var ha1 = DigestHash.Ha1(DigestAlgorithm.Sha256, "bob", "r", "secret");
        var users = Read($$"""
            { "users": [ { "name": "alice", "password": "secret" },
                         { "name": "bob", "ha1Sha256": "{{ha1.ToUpperInvariant()}}" } ] }
            """, out var faults);
        Assert.Empty(faults);
        Assert.Equal(2, users!.Count);
        Assert.Equal("bob", users.Find("bob", "r", DigestAlgorithm.Sha256)!.Value.User);
        Assert.Equal(ha1, users.Find("bob", "r", DigestAlgorithm.Sha256)!.Value.Ha1);
        Assert.Null(users.Find("bob", "r", DigestAlgorithm.Md5));
        Assert.Equal("alice", users.Find("alice@r", "r", DigestAlgorithm.Md5)!.Value.User);
        Assert.Null(users.Find("alice", "other", DigestAlgorithm.Md5));
    }

    [Fact]
    public void TryRead_FileWithFaults_NamesThemAll_WithoutSecrets()
    {
        var users = Read("""
            { "users": [ { "name": "a b", "password": "hunter2" }, { "name": "bob" },
                         { "name": "carol", "ha1Md5": "hunter2" },
                         { "name": "dave", "password": "x" }, { "name": "dave", "password": "hunter2" } ] }
            """, out var faults);
        Assert.Null(users);
        Assert.Equal(4, faults.Length);
        Assert.DoesNotContain(faults, fault => fault.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ \"users\": [ null ] }")]
    [InlineData("{ \"users\": [ { \"name\": null, \"password\": \"x\" } ] }")]
    [InlineData("{ \"users\": [ { \"name\": \"a\\r\\nb\", \"password\": \"x\" } ] }")]
    [InlineData("{ \"users\": { } }")]
    public void TryRead_FileOfAnotherShape_IsOneFault(string json)
    {
        Assert.Null(Read(json, out var faults));
        Assert.Single(faults);
    }

    [Fact]
    public void TryRead_ExampleFile_HasNoFaults()
    {
        var path = Path.Combine(RepositoryRoot.Path, "config", "users.json");
        Assert.NotNull(UserFile.TryRead(path, "conference.example", out var faults));
        Assert.Empty(faults);
    }

    private UserFile? Read(string json, out System.Collections.Immutable.ImmutableArray<string> faults)
    {
        var path = Path.Combine(_folder.Path, "users.json");
        File.WriteAllText(path, json);
        return UserFile.TryRead(path, "r", out faults);
    }
}
