using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Actors.Tests.Focus.Fakes;
using Conference.Protocol.Requests;
using Conference.Store.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
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
        Assert.Equal(1, Assert.IsType<CommandOutcome.Accepted>(created).Revision);
        var described = await gateway.DescribeAsync(FocusData.Uri, default);
        Assert.Equal(1, described!.Revision);
        Assert.Null(await gateway.DescribeAsync(Conference.Protocol.ConferenceUri.Parse("sip:no@conf.test"), default));
        var said = await gateway.SubmitAsync(FocusData.Command(FocusData.Ann, new Say("hello")), default);
        Assert.Equal(2, Assert.IsType<CommandOutcome.Accepted>(said).Revision);
        await host.StopAsync();
        Assert.Single(fanout.All<FanoutClosed>());
        using var hangUp = new CancellationTokenSource();
        var late = gateway.SubmitAsync(FocusData.Command(FocusData.Ann, new Say("late")), hangUp.Token);
        await hangUp.CancelAsync(); // nobody is there to answer
        var after = await late;
        Assert.IsType<CommandOutcome.Refused>(after);
    }

    [Fact]
    public async Task Commands_WhileTheConferenceIsPutAwayAgainAndAgain_AreAllCarriedOut()
    {
        var fanout = new FakeFanout();
        var time = new FakeTimeProvider(FocusData.Start);
        using var host = MakeHost(fanout, new FocusOptions { PassivateAfter = TimeSpan.FromMilliseconds(15) }, time);
        await host.StartAsync();
        var gateway = host.Services.GetRequiredService<IConferenceGateway>();
        await gateway.SubmitAsync(FocusData.Command(FocusData.Chair, FocusData.Create()), default);
        var revision = 1L;
        while (fanout.Opened < 20)
        {
            // From no pause at all to longer than the idle time: some commands meet the actor as it goes.
            var said = FocusData.Command(FocusData.Ann, new Say("still here"));
            var outcome = await gateway.SubmitAsync(said, default);
            Assert.Equal(++revision, Assert.IsType<CommandOutcome.Accepted>(outcome).Revision);
            Assert.True(revision < 20_000, "never put away");
            var rest = TimeSpan.FromMilliseconds(1 + (revision % 40));
            time.Advance(rest); // what it reckons with; its timer is a real one
            using var pause = new PeriodicTimer(rest);
            await pause.WaitForNextTickAsync();
        }

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

    private static IHost MakeHost(FakeFanout fanout, FocusOptions? options = null, TimeProvider? time = null)
    {
        options ??= new FocusOptions();
        var builder = Host.CreateApplicationBuilder();
        var store = new InMemoryConferenceStore();
        builder.Services.AddSingleton<IConferenceStore>(store);
        builder.Services.AddSingleton<IBlobStore>(new InMemoryBlobStore(TimeProvider.System));
        builder.Services.AddSingleton<IFanoutEngine>(fanout);
        builder.Services.AddSingleton<IContentReferences>(new FakeReferences());
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddConferenceFocus(options);

        // More patience than options may ask for, to the gateway and to the conferences: these tests are not about it,
        // and who waits here waits for a busy machine. A command that is lost is found all the same, a minute later.
        var patient = options with { AskTimeout = TimeSpan.FromMinutes(1) };
        builder.Services.AddSingleton(patient);
        builder.Services.AddSingleton(provider => new FocusServices(
            provider.GetRequiredService<IConferenceStore>(), provider.GetRequiredService<IBlobStore>(), fanout,
            provider.GetRequiredService<IContentReferences>(), patient, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConferenceActor>>()));
        return builder.Build();
    }
}
