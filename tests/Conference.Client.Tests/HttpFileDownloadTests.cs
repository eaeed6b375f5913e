using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Client.Tests;

public sealed class HttpFileDownloadTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];

    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _http = new();

    [Fact]
    public async Task File_IsReadWhole()
    {
        await using var files = await StartAsync();

        Assert.Equal(Content, await ReadAsync(files, Content.Length));
        Assert.Equal(1, files.Requests);
    }

    [Theory]
    [InlineData(FakeFiles.Fault.Error)]
    [InlineData(FakeFiles.Fault.Break)]
    [InlineData(FakeFiles.Fault.Stall)]
    internal async Task File_WithAFaultOnTheWay_IsBegunAgain(FakeFiles.Fault fault)
    {
        await using var files = await StartAsync(fault, fault);

        Assert.Equal(Content, await ReadAsync(files, Content.Length));
        Assert.Equal(3, files.Requests);
    }

    [Theory]
    [InlineData(FakeFiles.Fault.Error)]
    [InlineData(FakeFiles.Fault.Break)]
    internal async Task File_WithFaultsOnly_IsNotToBeHad(FakeFiles.Fault fault)
    {
        await using var files = await StartAsync(fault, fault, fault, fault, fault);

        Assert.Null(await ReadAsync(files, Content.Length));
        Assert.Equal(4, files.Requests);
    }

    [Fact]
    public async Task File_LargerThanAllowed_IsNotReadAndNotTriedAgain()
    {
        await using var files = await StartAsync();

        Assert.Null(await ReadAsync(files, Content.Length - 1));
        Assert.Equal(1, files.Requests);
    }

    [Fact]
    public async Task File_ThatIsNotThere_IsNotTriedAgain()
    {
        await using var files = await StartAsync();

        Assert.Null(await Reading(files, "other", 10));
        Assert.Equal(1, files.Requests);
    }

    [Fact]
    public async Task Reading_Cancelled_EndsAtOnce()
    {
        await using var files = await StartAsync(FakeFiles.Fault.Stall);
        using var cancel = new CancellationTokenSource();
        var reading = Reading(files, "file", Content.Length, cancel.Token);
        while (files.Requests == 0) await Task.Yield();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Theory]
    [InlineData("not a URI")]
    [InlineData("/relative")]
    [InlineData("ftp://127.0.0.1/file")]
    public async Task Reference_ThatIsNoUri_IsNotToBeHad(string href) =>
        Assert.Null(await new HttpFileDownload(_http, TimeSpan.FromSeconds(1), _time).ReadAsync(href, 10, default));

    public void Dispose() => _http.Dispose();

    private static async Task<FakeFiles> StartAsync(params FakeFiles.Fault[] faults)
    {
        var files = await FakeFiles.StartAsync();
        files.Put("file", Content);
        foreach (var fault in faults) files.Faults.Enqueue(fault);
        return files;
    }

    private Task<byte[]?> Reading(FakeFiles files, string name, long bytesMax, CancellationToken cancel = default) =>
        new HttpFileDownload(_http, TimeSpan.FromSeconds(15), _time).ReadAsync(files.HrefOf(name), bytesMax, cancel);

    /// <summary>Moves the clock until the download has ended.</summary>
    private async Task<byte[]?> ReadAsync(FakeFiles files, long bytesMax)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var reading = Reading(files, "file", bytesMax, tooLong.Token);
        while (!reading.IsCompleted)
        {
            // A tenth of a second a step, and not too fast: what is on its way is not taken for stalled.
            _time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.WhenAny(reading, Task.Delay(25));
        }

        return await reading;
    }
}
