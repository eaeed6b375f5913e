using Conference.Actors.Ports;
using Conference.Store.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;
using Xunit;

namespace Conference.Store.Tests.Redis;

/// <summary>The rules of every call, without a server: the work of the test does what the client might do.</summary>
public sealed class RedisLinkTests
{
#pragma warning disable CS0618 // the constructors that say less are enough here
    public static TheoryData<Exception> Faults =>
    [
        new RedisTimeoutException("late", CommandStatus.Sent),
        new TimeoutException(),
        new RedisConnectionException(ConnectionFailureType.SocketClosed, "closed"),
        new RedisServerException("OOM command not allowed when used memory > 'maxmemory'."),
        new RedisServerException("READONLY You can't write against a read only replica."),
        new RedisCommandException("Command cannot be issued to a replica: EVALSHA"),
        new ObjectDisposedException("connection"),
        new TaskCanceledException(),
        new IOException("password file"),
    ];
#pragma warning restore CS0618

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Call_ThatTheClientFails_IsUnavailable(Exception fault)
    {
        await using var link = await OpenAsync();

        var told = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => link.CallAsync<int>("A call", _ => Task.FromException<int>(fault), default));

        Assert.Same(fault, told.InnerException);
    }

    [Fact]
    public async Task Call_ThatIsABug_IsNotTakenForAnOutage()
    {
        await using var link = await OpenAsync();

        await Assert.ThrowsAsync<InvalidCastException>(
            () => link.CallAsync<int>("A call", _ => throw new InvalidCastException(), default));
    }

    [Fact]
    public async Task Call_CancelledByItsCaller_IsCancelled()
    {
        await using var link = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        var isRunning = new TaskCompletionSource();
        var call = link.CallAsync("A call", _ =>
        {
            isRunning.SetResult();
            return new TaskCompletionSource<int>().Task;
        }, cancel.Token);
        await isRunning.Task;

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Call_BeyondThoseAtATime_IsRefusedAtOnce()
    {
        await using var link = await OpenAsync(options => options with { CallsMax = 1 });
        var held = new TaskCompletionSource<int>();
        var first = link.CallAsync("A call", _ => held.Task, default);

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => link.CallAsync("Another", _ => Task.FromResult(1), default));
        Assert.Contains("1 calls are under way", refused.Message, StringComparison.Ordinal);

        held.SetResult(7);
        Assert.Equal(7, await first);
        Assert.Equal(8, await link.CallAsync("A third", _ => Task.FromResult(8), default));
    }

    [Fact]
    public async Task Link_ThatCouldNotBeOpened_CanBeClosed()
    {
        var link = Open(options => options with { PasswordFile = "/nowhere/password" });
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => link.CallAsync("A call", _ => Task.FromResult(1), default));

        await link.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => link.CallAsync("A call", _ => Task.FromResult(1), default));
    }

    [Fact]
    public async Task Call_ThatTakesTooLong_IsUnavailable()
    {
        var time = new FakeTimeProvider();
        await using var link = await OpenAsync(time: time);
        var isRunning = new TaskCompletionSource();
        var call = link.CallAsync("A call", _ =>
        {
            isRunning.SetResult();
            return new TaskCompletionSource<int>().Task;
        }, default);
        await isRunning.Task;

        while (!call.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        var told = await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        Assert.IsType<TimeoutException>(told.InnerException);
    }

    private static async Task<RedisLink> OpenAsync(
        Func<RedisStoreOptions, RedisStoreOptions>? change = null, FakeTimeProvider? time = null)
    {
        var link = Open(change, time);
        await link.ConnectAsync(); // so that the calls of a test need not wait for it
        return link;
    }

    /// <summary>Nobody listens on port 1: the client begins without a connection. Time-outs come when the test says.
    /// </summary>
    private static RedisLink Open(
        Func<RedisStoreOptions, RedisStoreOptions>? change = null, FakeTimeProvider? time = null)
    {
        var options = new RedisStoreOptions
        {
            Endpoints = ["127.0.0.1:1"],
            CallTimeout = TimeSpan.FromMilliseconds(200),
        };
        return new RedisLink(
            change?.Invoke(options) ?? options, "test", time ?? new FakeTimeProvider(), NullLogger.Instance);
    }
}
