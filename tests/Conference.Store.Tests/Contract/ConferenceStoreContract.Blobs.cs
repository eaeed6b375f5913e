using Conference.Actors.Ports;
using Xunit;

namespace Conference.Store.Tests.Contract;

/// <summary>Blobs and registrations.</summary>
public abstract partial class ConferenceStoreContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private IBlobStore Blobs => _under.Blobs;

    [StoreFact]
    public async Task Put_ThenGet_GivesSameContentOfAnySize()
    {
        foreach (var length in new[] { 0, 1, 1000, 64 << 10, (64 << 10) + 1, 200_000, 3_000_000 })
        {
            var content = StoreSample.Bytes(length, seed: length);
            var digest = StoreSample.Digest(content);
            Assert.False(await Blobs.ContainsAsync(digest, default));

            await Blobs.PutAsync(digest, content, Hour, default);

            Assert.True(await Blobs.ContainsAsync(digest, default));
            Assert.Equal(content, (await Blobs.GetAsync(digest, default))!.Value.ToArray());
        }
    }

    [StoreFact]
    public async Task Put_BufferReusedAfterwards_KeepsTheContent()
    {
        foreach (var length in new[] { 1000, 200_000 })
        {
            var buffer = StoreSample.Bytes(length, seed: 1);
            var content = buffer.ToArray();
            await Blobs.PutAsync(StoreSample.Digest(content), buffer, Hour, default);
            Array.Clear(buffer);

            Assert.Equal(content, (await Blobs.GetAsync(StoreSample.Digest(content), default))!.Value.ToArray());
        }
    }

    [StoreFact]
    public async Task Get_OfUnknown_IsNull()
    {
        Assert.Null(await Blobs.GetAsync(StoreSample.Digest([1]), default));
        Assert.False(await Blobs.ContainsAsync(StoreSample.Digest([1]), default));
    }

    [StoreFact]
    public async Task Put_AfterItsLifetime_IsGone()
    {
        foreach (var length in new[] { 100, 100_000 })
        {
            var content = StoreSample.Bytes(length, seed: 5);
            var digest = StoreSample.Digest(content);
            await Blobs.PutAsync(digest, content, TimeSpan.FromMilliseconds(100), default);
            await _under.PassAsync(TimeSpan.FromMilliseconds(150));

            Assert.Null(await Blobs.GetAsync(digest, default));
            Assert.False(await Blobs.ContainsAsync(digest, default));

            await Blobs.PutAsync(digest, content, Hour, default);
            Assert.Equal(content, (await Blobs.GetAsync(digest, default))!.Value.ToArray());
        }
    }

    [StoreFact]
    public async Task Put_Again_ProlongsAndNeverShortens()
    {
        foreach (var length in new[] { 100, 100_000 })
        {
            var content = StoreSample.Bytes(length, seed: 6);
            var digest = StoreSample.Digest(content);
            await Blobs.PutAsync(digest, content, TimeSpan.FromMilliseconds(400), default);
            await Blobs.PutAsync(digest, content, Hour, default);
            await Blobs.PutAsync(digest, content, TimeSpan.FromMilliseconds(400), default);
            await _under.PassAsync(TimeSpan.FromMilliseconds(500));

            Assert.True(await Blobs.ContainsAsync(digest, default));
        }
    }

    [StoreFact]
    public async Task Put_OfSameContentAtOnce_StoresIt()
    {
        foreach (var length in new[] { 100, 100_000 })
        {
            var content = StoreSample.Bytes(length, seed: 8);
            var digest = StoreSample.Digest(content);

            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
                Blobs.PutAsync(digest, content, Hour, default).AsTask()));

            Assert.Equal(content, (await Blobs.GetAsync(digest, default))!.Value.ToArray());
        }
    }

    [StoreFact]
    public async Task Put_BreakingTheRules_IsArgumentException()
    {
        await Refused("../../etc/passwd", Hour);
        await Refused(StoreSample.Digest([1]).ToUpperInvariant(), Hour);
        await Refused(StoreSample.Digest([1])[1..], Hour);
        await Refused(StoreSample.Digest([1]), TimeSpan.Zero);

        async Task Refused(string digest, TimeSpan lifetime) => await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await Blobs.PutAsync(digest, new byte[] { 1 }, lifetime, default));
    }

    [StoreFact]
    public async Task Reopen_KeepsBlobsAndRegistrations()
    {
        var (small, large) = (StoreSample.Bytes(100, seed: 1), StoreSample.Bytes(200_000, seed: 2));
        await Blobs.PutAsync(StoreSample.Digest(small), small, Hour, default);
        await Blobs.PutAsync(StoreSample.Digest(large), large, Hour, default);
        await _under.Registrations.WriteAsync("sip:ann@example.org", [Binding("a", 1)], default);

        await _under.ReopenAsync();

        if (!_under.IsPersistent) return;
        Assert.Equal(small, (await Blobs.GetAsync(StoreSample.Digest(small), default))!.Value.ToArray());
        Assert.Equal(large, (await Blobs.GetAsync(StoreSample.Digest(large), default))!.Value.ToArray());
        Assert.Single(await _under.Registrations.ReadAllAsync(default));
    }

    [StoreFact]
    public async Task Registrations_WrittenReplacedRemoved_AreReadBack()
    {
        var registrations = _under.Registrations;
        await registrations.WriteAsync("sip:ann@example.org", [Binding("a", 1), Binding("b", 2)], default);
        await registrations.WriteAsync("sip:ben@example.org", [Binding("c", 3)], default);
        await registrations.WriteAsync("sip:cat@example.org", [Binding("d", 4)], default);
        await registrations.WriteAsync("sip:ann@example.org", [Binding("e", 5)], default);
        await registrations.WriteAsync("sip:cat@example.org", [], default);
        await registrations.WriteAsync("sip:nobody@example.org", [], default);

        var all = (await registrations.ReadAllAsync(default)).OrderBy(one => one.AddressOfRecord).ToList();

        Assert.Equal(["sip:ann@example.org", "sip:ben@example.org"], all.Select(one => one.AddressOfRecord));
        var binding = Assert.Single(all[0].Bindings);
        Assert.Equal(Binding("e", 5) with { Path = binding.Path }, binding);
        Assert.Equal(["<sip:p1;lr>", "<sip:p2;lr>"], binding.Path.AsEnumerable());
    }

    [StoreFact]
    public async Task Registrations_ByTheThousand_AreAllReadBack()
    {
        await Task.WhenAll(Enumerable.Range(0, 2500).Select(i =>
            _under.Registrations.WriteAsync($"sip:u{i}@example.org", [Binding("a", (uint)i)], default).AsTask()));

        var all = await _under.Registrations.ReadAllAsync(default);
        Assert.Equal(2500, all.Select(one => one.AddressOfRecord).Distinct().Count());
    }

    private static StoredBinding Binding(string name, uint sequence) => new(
        $"<sip:{name}@192.0.2.1:5060;transport=tcp>", ["<sip:p1;lr>", "<sip:p2;lr>"], "tcp:192.0.2.1:5060",
        "call-id@host", sequence, 700, new DateTimeOffset(2026, 11, 22, 1, 2, 3, TimeSpan.Zero));
}
