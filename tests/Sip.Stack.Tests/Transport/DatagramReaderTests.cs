using System.Net;
using System.Net.Sockets;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

/// <summary>What a reader takes from its socket, by each kind of system calls.</summary>
public sealed class DatagramReaderTests
{
    public static TheoryData<SipSystemCalls, AddressFamily> Kinds => new()
    {
        { SipSystemCalls.Batched, AddressFamily.InterNetwork },
        { SipSystemCalls.Batched, AddressFamily.InterNetworkV6 },
        { SipSystemCalls.Portable, AddressFamily.InterNetwork },
        { SipSystemCalls.Portable, AddressFamily.InterNetworkV6 },
    };

    [Fact]
    public void For_BatchedOnLinux_IsNoFallBack()
    {
        using var socket = Bind(AddressFamily.InterNetwork);
        using var batched = DatagramReader.For(socket, SipSystemCalls.Batched);
        using var portable = DatagramReader.For(socket, SipSystemCalls.Portable);

        if (SocketMessage.IsKnown) Assert.IsType<BatchedDatagramReader>(batched);
        else Assert.IsType<PortableDatagramReader>(batched);
        Assert.IsType<PortableDatagramReader>(portable);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Take_OfWhatIsThere_GivesAllOfItInOrderWithItsSources(SipSystemCalls calls, AddressFamily family)
    {
        using var socket = Bind(family);
        using var reader = DatagramReader.For(socket, calls);
        using var first = Bind(family);
        using var second = Bind(family);
        int[] lengths = [1, 2, 700, 65_000, 1_400];
        for (var i = 0; i < lengths.Length; i++)
            Send(i % 2 == 0 ? first : second, Filled(lengths[i], i), socket);

        var count = reader.Take();

        Assert.Equal(lengths.Length, count);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(Filled(lengths[i], i), reader.Datagram(i));
            Assert.Equal(AddressOf(i % 2 == 0 ? first : second), reader.Source(i));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Take_OfMoreThanABatch_LeavesTheRestToTheNext(SipSystemCalls calls, AddressFamily family)
    {
        using var socket = Bind(family);
        using var reader = DatagramReader.For(socket, calls);
        using var client = Bind(family);
        for (var i = 0; i < 150; i++) Send(client, Filled(200 - i, i), socket);

        var taken = new List<int>();
        for (var lengths = 200; taken.Sum() < 150;)
        {
            var count = reader.Take();
            taken.Add(count);
            for (var i = 0; i < count; i++, lengths--)
            {
                Assert.Equal(lengths, reader.Datagram(i).Length);
                Assert.Equal(AddressOf(client), reader.Source(i)); // Also where an earlier batch had written.
            }
        }

        Assert.Equal([64, 64, 22], taken);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Take_OnASocketThatIsClosed_Ends(SipSystemCalls calls, AddressFamily family)
    {
        var socket = Bind(family);
        using var reader = DatagramReader.For(socket, calls);
        var isWaiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = Task.Factory.StartNew(
            () =>
            {
                isWaiting.SetResult();
                return Record.Exception(() => reader.Take());
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await isWaiting.Task;

        socket.Dispose();

        // Nothing or an exception: what matters is that it does not wait any more.
        var fault = await waiting.WaitAsync(TestStack.Patience);
        Assert.True(fault is null or SocketException or ObjectDisposedException, $"{fault}");
    }

    [Theory]
    [InlineData(SipSystemCalls.Batched)]
    [InlineData(SipSystemCalls.Portable)]
    public void Take_InSteadyState_AllocatesNothing(SipSystemCalls calls)
    {
        using var socket = Bind(AddressFamily.InterNetwork);
        using var reader = DatagramReader.For(socket, calls);
        using var client = Bind(AddressFamily.InterNetwork);
        var allocated = 0L;
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 20; i++) Send(client, [1, 2, 3], socket);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var count = reader.Take();
            if (round > 0) allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(20, count);
        }

        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(SipSystemCalls.Batched)]
    [InlineData(SipSystemCalls.Portable)]
    public void QueuePercent_OfWhatWaits_IsThatOfTheKernel(SipSystemCalls calls)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var socket = Bind(AddressFamily.InterNetwork);
        using var reader = DatagramReader.For(socket, calls);
        using var client = Bind(AddressFamily.InterNetwork);
        socket.ReceiveBufferSize = 64 * 1024;

        Assert.Equal(0, reader.QueuePercent());
        for (var i = 0; i < 1_000; i++) Send(client, Filled(1_000, i), socket);
        Assert.InRange(reader.QueuePercent(), 90, 200);
        while (socket.Available > 0) reader.Take();
        Assert.InRange(reader.QueuePercent(), 0, 25); // The kernel gives the last quarter back late.
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Take_OfAnEmptyDatagram_GivesIt(SipSystemCalls calls, AddressFamily family)
    {
        using var socket = Bind(family);
        using var reader = DatagramReader.For(socket, calls);
        using var client = Bind(family);
        Send(client, [], socket);

        Assert.Equal(1, reader.Take());
        Assert.Equal(0, reader.Datagram(0).Length);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Take_WithEmptyDatagramsAmongOthers_GivesAll(SipSystemCalls calls, AddressFamily family)
    {
        using var socket = Bind(family);
        using var reader = DatagramReader.For(socket, calls);
        using var client = Bind(family);
        foreach (var length in (int[])[1, 0, 0, 2, 0]) Send(client, Filled(length, 7), socket);

        Assert.Equal(5, reader.Take());
        Assert.Equal([1, 0, 0, 2, 0], Enumerable.Range(0, 5).Select(i => reader.Datagram(i).Length));
    }

    [Fact]
    public void Take_WhoseFirstCallFails_SaysThatThisWayIsNone()
    {
        if (!SocketMessage.IsKnown) return;

        // ENOTCONN stands for whatever a sandbox answers.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var reader = new BatchedDatagramReader(socket);

        var fault = Assert.Throws<PlatformNotSupportedException>(() => reader.Take());
        Assert.StartsWith("recvmmsg: ", fault.Message, StringComparison.Ordinal);
    }

    private static Socket Bind(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1024 * 1024 };
        socket.Bind(new IPEndPoint(
            family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, 0));
        return socket;
    }

    private static void Send(Socket from, byte[] datagram, Socket to) => from.SendTo(datagram, to.LocalEndPoint!);

    private static byte[] Filled(int length, int value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)value);
        return bytes;
    }

    private static byte[] AddressOf(Socket socket)
    {
        var address = socket.LocalEndPoint!.Serialize();
        return address.Buffer.Span[..address.Size].ToArray();
    }
}
