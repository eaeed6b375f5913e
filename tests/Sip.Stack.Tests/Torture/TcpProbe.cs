using System.Net;
using System.Net.Sockets;

namespace Sip.Stack.Tests.Torture;

/// <summary>A bare TCP client: sends bytes as they are told to be cut, reads responses.</summary>
internal sealed class TcpProbe : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _buffer = new byte[65_536];
    private int _filled;

    /// <summary>Connects.</summary>
    public TcpProbe(IPEndPoint to)
    {
        _socket.NoDelay = true;
        _socket.Connect(to);
    }

    public void Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    /// <summary>One segment per byte, as far as the kernel plays along; stops when the server hangs up.</summary>
    public void SendByteByByte(ReadOnlySpan<byte> bytes)
    {
        try
        {
            foreach (ref readonly var one in bytes) _socket.Send(new ReadOnlySpan<byte>(in one));
        }
        catch (SocketException)
        {
            // The server has seen enough and closed: what it answered before is still to be read.
        }
    }

    /// <summary>
    /// All final responses up to the answer to <paramref name="lastCallId"/>, or to the end of the stream.
    /// </summary>
    public async Task<IReadOnlyList<ProbeResponse>> ReceiveFinalsAsync(string lastCallId, TimeSpan within)
    {
        using var timeout = new CancellationTokenSource(within);
        var finals = new List<ProbeResponse>();
        while (true)
        {
            while (TryTake() is { } response)
            {
                if (response.Status >= 200) finals.Add(response);
                if (response.CallId == lastCallId) return finals;
            }

            if (!await TryReadMoreAsync(timeout.Token)) return finals;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> TryReadMoreAsync(CancellationToken cancel)
    {
        try
        {
            var bytes = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), cancel);
            _filled += bytes;
            return bytes > 0;
        }
        catch (SocketException)
        {
            return false; // reset: the end, too
        }
    }

    private ProbeResponse? TryTake()
    {
        var taken = ProbeResponse.TryTake(_buffer.AsSpan(0, _filled), out var response);
        _buffer.AsSpan(taken, _filled - taken).CopyTo(_buffer);
        _filled -= taken;
        return response;
    }
}
