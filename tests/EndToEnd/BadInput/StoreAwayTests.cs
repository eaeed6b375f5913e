using System.Globalization;
using Tests.Shared.Redis;
using Xunit;

namespace EndToEnd.BadInput;

/// <summary>The store is away: 503 with Retry-After while it is, no false 202, and everything goes on without a restart
/// when it is back (R2, R9, R12).</summary>
/// <remarks>That the answer takes less than 2 s, whatever the store does, is shown on a virtual clock, by
/// MessageDeskTests of AppServer.Tests.</remarks>
public sealed class StoreAwayTests
{
    private static readonly string[] Transports = ["udp", "tcp"];

    [WhenInstalled("redis-server")]
    public async Task Redis_Frozen_IsAnswered503_AndIsServedAgainWhenItGoesOn()
    {
        await using var redis = await RedisServerProcess.CreateAsync();
        await using var away = await StoreAwayRig.StartAsync(Redis(redis));

        redis.Freeze();
        foreach (var transport in Transports) await away.AssertRefusedAsync(transport);
        redis.Thaw();

        await away.AssertServedAgainAsync();
    }

    [WhenInstalled("redis-server")]
    public async Task Redis_Killed_IsAnswered503_AndIsServedAgainWhenItIsBack()
    {
        // Else kill -9 costs what was acknowledged just before.
        await using var redis = await RedisServerProcess.CreateAsync("--appendfsync", "always");
        await using var away = await StoreAwayRig.StartAsync(Redis(redis));

        redis.Kill();
        foreach (var transport in Transports) await away.AssertRefusedAsync(transport);
        await redis.StartAsync();

        await away.AssertServedAgainAsync();
    }

    [WhenInstalled("mount", "umount", "fallocate")]
    public async Task Disk_Full_IsAnswered503_AndIsServedAgainWhenThereIsRoom()
    {
        await using var disk = await SmallDisk.TryMountAsync();
        if (disk is null) return; // only root may mount
        await using var away = await StoreAwayRig.StartAsync($"--Server:DataDirectory={disk.Path}/data");

        await disk.FillAsync();
        await away.ExhaustAsync();
        foreach (var transport in Transports) await away.AssertRefusedAsync(transport);
        disk.Free();

        await away.AssertServedAgainAsync();
    }

    [Fact]
    public async Task Database_AtItsLimit_IsAnswered503()
    {
        await using var away = await StoreAwayRig.StartAsync("--Store:Sqlite:DatabaseBytesMax=262144");

        await away.ExhaustAsync();

        foreach (var transport in Transports) await away.AssertRefusedAsync(transport);
    }

    private static string[] Redis(RedisServerProcess redis) =>
        ["--Store:Kind=Redis", $"--Store:Redis:Endpoints={redis.Endpoint}"];
}

/// <summary>A conference whose store goes away.</summary>
internal sealed class StoreAwayRig : IAsyncDisposable
{
    private const string DiskFull = "conference_as_store_unavailable_total{store=\"sqlite\",reason=\"disk_full\"}";

    private readonly StandaloneTarget _target;
    private readonly List<string> _refused = [];

    private StoreAwayRig(string[] options) => _target = new StandaloneTarget(options);

    internal static async Task<StoreAwayRig> StartAsync(params string[] options)
    {
        var rig = new StoreAwayRig(options);
        await rig._target.InitializeAsync();
        return rig;
    }

    /// <summary>Sends what the store cannot take.</summary>
    internal async Task AssertRefusedAsync(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, _target.Server.Sip);
        await _target.CredentialsAsync(raw, BadInputTarget.Attacker, _target.Conference.Value);
        var before = await _target.Metrics.RefusedAsync();
        var body = BadBodies.Request($"<say>{new string('s', 4_000)}</say>");

        var reply = await _target.SendOnceAsync(raw, BadInputTarget.Attacker, body);

        Assert.Equal((503, "The store is not available"), (reply.Status, reply.Reason));
        Assert.True(int.Parse(reply.Value("Retry-After"), CultureInfo.InvariantCulture) > 0);
        Assert.Equal(
            "reason=\"store_unavailable\" 1", await _target.Metrics.RefusedSinceAsync(before, isStoreAway: true));
        _refused.Add(body);
    }

    /// <summary>Writes until the store takes no more.</summary>
    internal async Task ExhaustAsync()
    {
        using var raw = await RawSip.OpenAsync("tcp", _target.Server.Sip);
        for (var number = 0; number < 400; number++)
        {
            var reply = await _target.SendOnceAsync(
                raw, BadInputTarget.Attacker, BadBodies.Request($"<say>{new string('x', 4_000)}</say>"));
            if (reply.Status == 503 && await _target.Metrics.ValueAsync(DiskFull) > 0) return;
            Assert.Contains(reply.Status, (int[])[202, 503]); // 503: slow for a moment
        }

        Assert.Fail("The store took everything.");
    }

    /// <summary>Each refused request is taken when it is repeated, once (R3), and the others see no gap.</summary>
    internal async Task AssertServedAgainAsync()
    {
        using var raw = await RawSip.OpenAsync("tcp", _target.Server.Sip);
        foreach (var body in _refused)
        {
            var reply = await _target.SendAsync(raw, BadInputTarget.Attacker, body);
            Assert.Equal(202, reply.Status);
            var again = await _target.SendAsync(raw, BadInputTarget.Attacker, body);
            Assert.Equal(reply.Value("Conference-Revision"), again.Value("Conference-Revision"));
        }

        await _target.AssertOthersAreServedAsync();
    }

    public async ValueTask DisposeAsync() => await _target.DisposeAsync();
}
