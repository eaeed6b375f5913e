using AppServer.Configuration;
using AppServer.Lifetime;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AppServer.Tests.Lifetime;

public sealed class DrainTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServerStatus _status = new();
    private readonly Part _part = new();

    [Fact]
    public async Task Run_WithNothingUnderWay_EndsAtOnce()
    {
        _part.IsSettled = true;
        var refused = false;
        Assert.Empty(await Make(new LifetimeOptions()).RunAsync(() => refused = true, CancellationToken.None));
        Assert.True(refused);
        Assert.Equal(ServerPhase.Draining, _status.Phase);
    }

    [Fact]
    public async Task Run_WaitsUntilSettled_AndHurriesMeanwhile()
    {
        var run = Make(new LifetimeOptions()).RunAsync(() => { }, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(run.IsCompleted);
        Assert.True(_part.Hurried > 0);
        _part.IsSettled = true;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await run);
    }

    [Fact]
    public async Task Run_AtTheDeadline_NamesWhatIsStillUnderWay()
    {
        var run = Make(new LifetimeOptions { DrainDeadline = TimeSpan.FromSeconds(2) })
            .RunAsync(() => { }, CancellationToken.None);
        for (var i = 0; i < 110; i++) _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(["part"], (await run).AsEnumerable());
    }

    [Fact]
    public async Task Run_WithAPartThatHangs_EndsAtTheDeadlineAllTheSame()
    {
        _part.Hurry = new TaskCompletionSource();
        var run = Make(new LifetimeOptions { DrainDeadline = TimeSpan.FromSeconds(2) })
            .RunAsync(() => { }, CancellationToken.None);
        await _part.HurryBegun.Task.WaitAsync(TimeSpan.FromMinutes(1));
        var pending = run.WaitAsync(TimeSpan.FromMinutes(1));
        while (!pending.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        Assert.Equal(["part"], (await pending).AsEnumerable());
    }

    [Fact]
    public async Task Run_WithADelay_ServesOnUntilItIsOver()
    {
        _status.Enter(ServerPhase.Ready);
        _part.IsSettled = true;
        var refused = false;
        var run = Make(new LifetimeOptions { DrainDelay = TimeSpan.FromSeconds(5) })
            .RunAsync(() => refused = true, CancellationToken.None);
        Assert.Equal(ServerPhase.Leaving, _status.Phase);
        Assert.True(_status.TakesRequests);
        Assert.False(refused);
        _time.Advance(TimeSpan.FromSeconds(5));
        await run;
        Assert.True(refused);
        Assert.False(_status.TakesRequests);
    }

    private Drain Make(LifetimeOptions options) =>
        new(options, _status, [_part], _time, NullLogger<Drain>.Instance);

    private sealed class Part : IDrainable
    {
        public string Name => "part";

        public bool IsSettled { get; set; }

        internal int Hurried { get; private set; }

        internal TaskCompletionSource HurryBegun { get; } = new();

        /// <summary>What hurrying waits for; null for nothing.</summary>
        internal TaskCompletionSource? Hurry { get; set; }

        public Task HurryAsync()
        {
            Hurried++;
            HurryBegun.TrySetResult();
            return Hurry?.Task ?? Task.CompletedTask;
        }
    }
}
