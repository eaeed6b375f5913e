using Xunit;

namespace EndToEnd.BadInput;

/// <summary>Every bad body of the issue, over UDP and TCP: the status and the words that docs/protocol.md promises, one
/// count under its reason, nothing changed in the conference, and the others go on.</summary>
public abstract class BadBodyTests(BadInputTarget target)
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var name in BadBodies.ByName.Keys)
        {
            cases.Add(name, "udp");
            cases.Add(name, "tcp");
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Body_ThatIsBad_IsRefusedByNameAndCounted_OthersGoOn(string name, string transport)
    {
        var bad = BadBodies.ByName[name]();
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        foreach (var before in bad.Before)
            Assert.Equal(202, (await target.SendAsync(raw, bad.User, before)).Status);
        await target.CredentialsAsync(raw, bad.User, Address(bad));
        var count = await target.Metrics.RefusedAsync();

        var reply = await target.SendAsync(raw, bad.User, new RawMessage
        {
            Target = Address(bad),
            From = target.User(bad.User),
            Body = bad.Body,
            ContentType = bad.ContentType,
        });

        Assert.Equal($"reason=\"{bad.Label}\" 1", await target.Metrics.RefusedSinceAsync(count));
        Assert.Equal(bad.Status, reply.Status);
        Assert.StartsWith(bad.Reason, reply.Reason, StringComparison.Ordinal);
        Assert.Contains(bad.Warning, Assert.Single(reply.Values("Warning")), StringComparison.Ordinal);
        Assert.Equal(bad.Status == 415, reply.Values("Accept").Count == 1);
        await target.AssertOthersAreServedAsync();
    }

    private string Address(BadBody bad) =>
        bad.Target is { } user ? $"sip:{user}@{target.Server.Domain}" : target.Conference.Value;
}

[Collection(StandaloneAttacks.Name)]
public sealed class StandaloneBadBodyTests(StandaloneTarget target) : BadBodyTests(target);

[Collection(ImsAttacks.Name)]
public sealed class ImsBadBodyTests(ImsTarget target) : BadBodyTests(target);

/// <summary>Tests that share one server in Standalone mode, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class StandaloneAttacks : ICollectionFixture<StandaloneTarget>
{
    internal const string Name = "attacks on Standalone";
}

/// <summary>Tests that share one server in Ims mode, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ImsAttacks : ICollectionFixture<ImsTarget>
{
    internal const string Name = "attacks on Ims";
}
