using AppServer.Configuration;
using AppServer.Lifetime;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AppServer.Tests.Lifetime;

public sealed class MemoryTrimTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _looked = new(0);

    public void Dispose() => _looked.Dispose();

    [Fact]
    public void Look_AfterManyWentToSleep_FreesWhatTheyLeft()
    {
        using var trim = Make(new LifetimeOptions { TrimAfterConferences = 10 });
        var left = MakeGarbage();
        var before = MemoryTrim.Trims.Value;
        trim.Look();
        Assert.Equal(before, MemoryTrim.Trims.Value);
        trim.Look();
        Assert.Equal(before + 1, MemoryTrim.Trims.Value);
        Assert.False(left.IsAlive);
    }

    [Fact]
    public async Task Run_LooksAtEveryInterval_UntilItIsStopped()
    {
        var options = new LifetimeOptions { TrimAfterConferences = 1_000 };
        using var trim = Make(options);
        await trim.StartAsync(CancellationToken.None);
        await _looked.WaitAsync();
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(options.TrimInterval);
            await _looked.WaitAsync();
        }

        await trim.StopAsync(CancellationToken.None);
        Assert.True(trim.ExecuteTask!.IsCompleted);
    }

    [Fact]
    public async Task Run_WithoutAnInterval_NeverLooks()
    {
        using var trim = Make(new LifetimeOptions { TrimInterval = TimeSpan.Zero });
        await trim.StartAsync(CancellationToken.None);
        await trim.ExecuteTask!;
        Assert.Equal(0, _looked.CurrentCount);
    }

    // In the oldest generation, where only a full collection finds it. Not inlined: no local holds it afterwards.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference MakeGarbage()
    {
        var garbage = new object();
        for (var i = 0; i < GC.MaxGeneration; i++) GC.Collect();
        return new WeakReference(garbage);
    }

    private MemoryTrim Make(LifetimeOptions options) => new(options, Count, _time, NullLogger<MemoryTrim>.Instance);

    private (long PutAway, long Awake) Count()
    {
        _looked.Release();
        return (10, 0);
    }
}
