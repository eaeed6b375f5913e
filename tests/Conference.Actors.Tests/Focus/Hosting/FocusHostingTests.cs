using System.Diagnostics;
using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Actors.Tests.Focus.Fakes;
using Conference.Protocol.Requests;
using Conference.Store.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Conference.Actors.Tests.Focus.Hosting;

public class FocusHostingTests
{
    [Fact]
    public async Task Host_OfOneNode_TakesCommandsAndStopsCleanly()
    {
        var fanout = new FakeFanout();
        using var host = MakeHost(fanout);
        await host.StartAsync();
        var gateway = host.Services.GetRequiredService<IConferenceGateway>();
        var created = await gateway.SubmitAsync(FocusData.Command(FocusData.Chair, FocusData.Create()), default);
        Assert.Equal(new CommandOutcome.Accepted(1), created);
        var described = await gateway.DescribeAsync(FocusData.Uri, default);
        Assert.Equal(1, described!.Revision);
        Assert.Null(await gateway.DescribeAsync(Conference.Protocol.ConferenceUri.Parse("sip:no@conf.test"), default));
        var said = await gateway.SubmitAsync(FocusData.Command(FocusData.Ann, new Say("hello")), default);
        Assert.Equal(new CommandOutcome.Accepted(2), said);
        await host.StopAsync();
        Assert.Single(fanout.All<FanoutClosed>());
        var after = await gateway.SubmitAsync(FocusData.Command(FocusData.Ann, new Say("late")), default);
        Assert.IsType<CommandOutcome.Refused>(after);
    }

    [Fact]
    public async Task Commands_WhileTheConferenceIsPutAwayAgainAndAgain_AreAllCarriedOut()
    {
        using var host = MakeHost(
            new FakeFanout(), new FocusOptions { PassivateAfter = TimeSpan.FromMilliseconds(15) });
        await host.StartAsync();
        var gateway = host.Services.GetRequiredService<IConferenceGateway>();
        await gateway.SubmitAsync(FocusData.Command(FocusData.Chair, FocusData.Create()), default);
        var put = FocusMetrics.Passivations.Value;
        var until = Stopwatch.GetTimestamp() + (2 * Stopwatch.Frequency);
        var revision = 1L;
        while (Stopwatch.GetTimestamp() < until)
        {
            // From no pause at all to longer than the idle time: some commands meet the actor as it goes.
            var said = FocusData.Command(FocusData.Ann, new Say("still here"));
            Assert.Equal(new CommandOutcome.Accepted(++revision), await gateway.SubmitAsync(said, default));
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1 + (revision % 40)));
            await pause.WaitForNextTickAsync();
        }

        Assert.True(FocusMetrics.Passivations.Value > put, "never put away");
        await host.StopAsync();
    }

    [Fact]
    public void AddConferenceFocus_WithBadOptions_NamesAllOfThem()
    {
        var options = new FocusOptions { MembersMax = 0, UndoDepthMax = -1, AskTimeout = TimeSpan.FromSeconds(3) };
        var exception = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddConferenceFocus(options));
        Assert.Contains(nameof(options.MembersMax), exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(options.UndoDepthMax), exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(options.AskTimeout), exception.Message, StringComparison.Ordinal);
    }

    private static IHost MakeHost(FakeFanout fanout, FocusOptions? options = null)
    {
        var builder = Host.CreateApplicationBuilder();
        var store = new InMemoryConferenceStore();
        builder.Services.AddSingleton<IConferenceStore>(store);
        builder.Services.AddSingleton<IBlobStore>(new InMemoryBlobStore(TimeProvider.System));
        builder.Services.AddSingleton<IFanoutEngine>(fanout);
        builder.Services.AddSingleton<IContentReferences>(new FakeReferences());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddConferenceFocus(options ?? new FocusOptions());
        return builder.Build();
    }
}
