using System.Net;
using System.Net.Sockets;

namespace Sip.Stack.Tests.Torture;

/// <summary>A bare UDP client: sends bytes, reads responses.</summary>
internal sealed class UdpProbe : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _buffer = new byte[65_536];

    /// <summary>Opens a client.</summary>
    /// <param name="port">
    /// Where answers are expected, 0 for any. A fixed port is bound on a loopback address of its own, so that
    /// nobody else has it.
    /// </param>
    public UdpProbe(int port)
    {
        var random = Random.Shared;
        var address = port == 0
            ? IPAddress.Loopback
            : new IPAddress([127, (byte)random.Next(1, 255), (byte)random.Next(1, 255), (byte)random.Next(1, 255)]);
        _socket.Bind(new IPEndPoint(address, port));
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>True when a datagram waits to be read.</summary>
    public bool HasMore => _socket.Available > 0;

    public void Send(ReadOnlySpan<byte> message, IPEndPoint to) => _socket.SendTo(message, to);

    /// <summary>The next final response.</summary>
    /// <exception cref="OperationCanceledException">None came in time.</exception>
    public async Task<ProbeResponse> ReceiveFinalAsync(TimeSpan within)
    {
        using var timeout = new CancellationTokenSource(within);
        while (true)
        {
            var bytes = await _socket.ReceiveAsync(_buffer, timeout.Token);
            Assert.Equal(bytes, ProbeResponse.TryTake(_buffer.AsSpan(0, bytes), out var response));
            if (response!.Status >= 200) return response;
        }
    }

    public void Dispose() => _socket.Dispose();
}
