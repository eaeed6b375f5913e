using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Load.Tests;

public sealed class EventSendingTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Deliveries _deliveries = new(events: 3, recipients: 1);
    private readonly LoadOptions _options = new() { Rate = 0, InFlight = 1, BodyBytes = 100 };
    private readonly SilentServer _server = new();
    private readonly Sink _sink;
    private readonly Driver _driver;

    public EventSendingTests()
    {
        _sink = new Sink(_options, _deliveries);
        _driver = new Driver(_sink, _server.Sip, isTcp: false);
    }

    public void Dispose()
    {
        _driver.Dispose();
        _sink.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Events_ThatNeverCome_AreMissing_AndTheRunEnds()
    {
        var begin = _time.GetTimestamp();
        var sending = Events().SendAsync(_options, 0, 3, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        Arrive(number: 0); // Then the second is sent, and comes to nobody.
        var last = _time.GetElapsedTime(begin);

        var sent = await WithTimeAsync(sending);

        Assert.Equal(new EventsSent(last, Sent: 2), sent);
        Assert.Equal(1, _deliveries.Missing(0, sent.Sent));
        Assert.True(_time.GetElapsedTime(begin) > EventSending.QuietMax);
    }

    [Fact]
    public async Task Events_ThatAllHave_AreDone()
    {
        var sending = Events().SendAsync(_options, 0, 3, CancellationToken.None);
        for (var number = 0; number < 3; number++)
        {
            await _server.NextAsync();
            Arrive(number);
        }

        Assert.Equal(3, (await WithTimeAsync(sending)).Sent);
        Assert.Equal(0, _deliveries.Missing(0));
    }

    [Fact]
    public async Task Run_ThatIsEnded_Throws()
    {
        using var limit = new CancellationTokenSource();
        var sending = Events().SendAsync(_options, 0, 3, limit.Token);

        await limit.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Patience));
    }

    private EventSending Events() => new(_server, _driver, _deliveries, _time);

    private void Arrive(int number) => _deliveries.Note(
        DeliveriesTests.Message(1, $"b{number}", $"pb1;seq={number};"), _time.GetTimestamp());

    private async Task<EventsSent> WithTimeAsync(Task<EventsSent> sending)
    {
        while (!sending.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(sending, Task.Delay(TimeSpan.FromMilliseconds(5)));
        }

        return await sending;
    }

    /// <summary>Takes requests and answers none.</summary>
    private sealed class SilentServer : IServerUnderLoad, IDisposable
    {
        private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

        public IPEndPoint Sip => (IPEndPoint)_socket.Client.LocalEndPoint!;

        public string ContentType => "text/plain";

        public byte[] EventBody(int number, int bytes) => Bodies.Text(number, bytes);

        public Task PrepareAsync(Driver driver, Deliveries deliveries, CancellationToken cancel) => Task.CompletedTask;

        public (double User, double System) CpuSeconds() => default;

        public double MemoryMebibytes() => 0;

        public Task<double> AllocatedBytesAsync() => Task.FromResult(0.0);

        public void Dispose() => _socket.Dispose();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        internal Task NextAsync() => _socket.ReceiveAsync().WaitAsync(Patience);
    }
}
