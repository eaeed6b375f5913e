using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class RequestDoorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<double> _applied = [];
    private double _shown;
    private bool _isNearlyFull;

    [Fact]
    public void Door_ThatWasNearlyClosed_OpensAgainThoughNothingComesIn()
    {
        using var door = Create(_ => true);
        _time.Advance(RequestShare.Interval);
        door.Note(50_000, isNearlyFull: true);
        Assert.Equal(0.02, _shown, 6);

        for (var i = 0; i < 10; i++) _time.Advance(RequestShare.Interval);

        Assert.Equal(1, _shown);
        Assert.Equal(1, _applied[^1]);
        var changes = _applied.Count;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(changes, _applied.Count);
    }

    [Fact]
    public void Door_ThatCannotBeClosed_IsNotTriedAgain()
    {
        using var door = Create(_ => false);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(RequestShare.Interval);
            door.Note(50_000, isNearlyFull: true);
        }

        Assert.Equal([0.02, 1], _applied.Select(share => Math.Round(share, 6)));
        Assert.Equal(1, _shown);
    }

    [Fact]
    public void Door_ThatCannotBeMovedAnyMore_IsTakenAway()
    {
        using var door = Create(share => share is < 0.03 or 1); // As when the kernel has no memory for the next filter.
        _time.Advance(RequestShare.Interval);
        door.Note(50_000, isNearlyFull: true);
        Assert.Equal(0.02, _shown, 6);

        _time.Advance(RequestShare.Interval);

        Assert.Equal(1, _applied[^1]);
        Assert.Equal(1, _shown);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, _applied.Count);
    }

    [Fact]
    public void Door_WhileTheQueueIsNearlyFullAndNobodyReads_StaysAsItIs()
    {
        using var door = Create(_ => true);
        _time.Advance(RequestShare.Interval);
        _isNearlyFull = true;
        door.Note(50_000, isNearlyFull: true);
        for (var i = 0; i < 10; i++) _time.Advance(RequestShare.Interval);
        Assert.Equal(0.02, _shown, 6);

        _isNearlyFull = false;
        _time.Advance(RequestShare.Interval);
        Assert.Equal(0.04, _shown, 6);
    }

    [Fact]
    public async Task Filter_LetsInAllResponsesAndAShareOfTheRequests_UntilItIsTakenAway()
    {
        if (!SocketMessage.IsKnown) return;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = 4 * 1024 * 1024;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        Assert.True(RequestFilter.TryApply(socket.SafeHandle, 0.25));
        var (requests, responses) = await SendAsync(socket, 400);
        Assert.Equal(400, responses);
        Assert.InRange(requests, 40, 180); // 100 are expected, with a deviation of 9.

        Assert.True(RequestFilter.TryApply(socket.SafeHandle, 0));
        Assert.Equal((0, 100), await SendAsync(socket, 100));

        Assert.True(RequestFilter.TryApply(socket.SafeHandle, 1));
        Assert.Equal((100, 100), await SendAsync(socket, 100));
    }

    private RequestDoor Create(Func<double, bool> apply) => new(
        20_000,
        share =>
        {
            _applied.Add(share);
            return apply(share);
        },
        share => _shown = share, () => _isNearlyFull, _time);

    // The last datagram is a response: behind it nothing is left.
    private static async Task<(int Requests, int Responses)> SendAsync(Socket to, int each)
    {
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        for (var i = 0; i < each; i++)
        {
            sender.SendTo("MESSAGE sip:a@b SIP/2.0\r\n\r\n"u8, to.LocalEndPoint!);
            sender.SendTo("SIP/2.0 200 OK\r\n\r\n"u8, to.LocalEndPoint!);
        }

        var buffer = new byte[100];
        var (requests, responses) = (0, 0);
        while (responses < each)
        {
            var length = await to.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromMinutes(1));
            if (Encoding.ASCII.GetString(buffer, 0, length).StartsWith("SIP/", StringComparison.Ordinal)) responses++;
            else requests++;
        }

        return (requests, responses);
    }
}
