using Conference.Client.Requests;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Transport;
using Xunit;
using static Conference.Client.Tests.ModelData;

namespace Conference.Client.Tests.Sip;

/// <summary>Over real sockets; the client's clock moves when the test says.</summary>
public sealed class ClientRegistrationTests
{
    private static readonly TimeSpan Asked = new ConferenceClientOptions
    {
        Identity = Ana,
        Server = new(System.Net.IPAddress.Loopback, 1),
    }.RegistrationLifetime;

    [Fact]
    public async Task Lifetime_GrantedIsZero_IsNoBinding()
    {
        await using var rig = await Rig.StartAsync(SipTransportKind.Udp, 0);

        var result = await rig.Client.RegisterAsync();

        Assert.Equal((false, 200), (result.IsRegistered, result.Status));
    }

    [Fact]
    public async Task Lifetime_GrantedIsLongerThanAsked_IsWhatWasAsked()
    {
        await using var rig = await Rig.StartAsync(SipTransportKind.Udp, uint.MaxValue);

        var result = await rig.Client.RegisterAsync();

        Assert.Equal(Asked, result.Lifetime);
        rig.Time.Advance(Asked * 0.8);
        await rig.UntilRegisteredAsync(2);
    }

    [Fact]
    public async Task Binding_IsRefreshedBeforeItEnds()
    {
        await using var rig = await Rig.StartAsync(SipTransportKind.Udp, 100);
        await rig.Client.RegisterAsync();

        rig.Time.Advance(TimeSpan.FromSeconds(79));
        await rig.RoundTripAsync();
        Assert.Equal(1, rig.Server.Registrations);

        await rig.UntilRegisteredAsync(2);
    }

    [Fact]
    public async Task Refresh_ThatFails_IsRepeatedAfterAPause()
    {
        await using var rig = await Rig.StartAsync(SipTransportKind.Udp, 100, null);
        await rig.Client.RegisterAsync();
        await rig.UntilRegisteredAsync(2);

        await rig.RoundTripAsync();
        Assert.Equal(2, rig.Server.Registrations);

        await rig.UntilRegisteredAsync(3);
    }

    [Fact]
    public async Task Stream_Broken_RegistersAtOnceOverAnother()
    {
        await using var rig = await Rig.StartAsync(SipTransportKind.Tcp);
        await rig.Client.RegisterAsync();

        rig.Server.BreakStream();

        await rig.UntilRegisteredAsync(2, moves: false);
    }

    [Fact]
    public async Task Stream_BrokenWhileRegisteringFails_DoesNotShortenThePause()
    {
        await using var rig = await Rig.StartAsync(SipTransportKind.Tcp, 100, null);
        await rig.Client.RegisterAsync();
        await rig.UntilRegisteredAsync(2);

        rig.Server.BreakStream();
        await rig.UntilClosedAsync();
        await rig.RoundTripAsync();
        Assert.Equal(2, rig.Server.Registrations);

        await rig.UntilRegisteredAsync(3);
    }

    [Fact]
    public async Task Unregister_TakesTheBindingAway_AndRegisterBringsItBack()
    {
        await using var rig = await Rig.StartAsync(SipTransportKind.Udp);
        await rig.Client.RegisterAsync();

        await rig.Client.UnregisterAsync();
        Assert.Equal((2, "0"), (rig.Server.Registrations, rig.Server.LastExpires));

        Assert.True((await rig.Client.RegisterAsync()).IsRegistered);
        Assert.Equal((3, "300"), (rig.Server.Registrations, rig.Server.LastExpires));
    }

    [Fact]
    public async Task Unregister_Cancelled_LeavesNothingBehind()
    {
        await using var rig = await Rig.StartAsync(SipTransportKind.Udp);
        await rig.Client.RegisterAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await rig.Client.UnregisterAsync(cancelled.Token);

        rig.Time.Advance(Asked);
        await rig.RoundTripAsync();
        Assert.Equal(1, rig.Server.Registrations);
        Assert.True((await rig.Client.RegisterAsync()).IsRegistered);
    }

    private sealed record Rig(FakeServer Server, ConferenceClient Client, FakeTimeProvider Time) : IAsyncDisposable
    {
        internal static async Task<Rig> StartAsync(SipTransportKind transport, params uint?[] grants)
        {
            var server = await FakeServer.StartAsync();
            foreach (var seconds in grants) server.Grants.Enqueue(seconds);
            var time = new FakeTimeProvider();
            var options = new ConferenceClientOptions
            {
                Identity = Ana,
                Server = server.Address,
                Transport = transport,
                Retry = new RetryOptions { FirstDelay = TimeSpan.Zero }, // a round trip needs no clock
            };
            var client = new ConferenceClient(options, time);
            await client.StartAsync();
            return new Rig(server, client, time);
        }

        /// <summary>Until so many REGISTERs have come, moving the clock or not.</summary>
        internal async Task UntilRegisteredAsync(int count, bool moves = true)
        {
            using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (Server.Registrations < count)
            {
                if (moves) Time.Advance(TimeSpan.FromSeconds(0.1));
                await Task.Delay(1, tooLong.Token);
            }
        }

        internal async Task UntilClosedAsync()
        {
            using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (Server.StreamCount > 0) await Task.Delay(1, tooLong.Token);
        }

        /// <summary>What the client was doing before is done when the answer is here.</summary>
        internal async Task RoundTripAsync() => Assert.True((await Client.Follow(Here).SayAsync("x")).IsAccepted);

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
