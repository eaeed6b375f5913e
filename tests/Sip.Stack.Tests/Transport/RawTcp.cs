using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sip.Stack.Tests.Transport;

/// <summary>A bare TCP socket as the other side.</summary>
internal sealed class RawTcp : IDisposable
{
    private readonly Socket _socket;
    private string _left = "";

    internal RawTcp(Socket socket) => _socket = socket;

    internal IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public void Dispose() => _socket.Dispose();

    internal static async Task<RawTcp> ConnectAsync(IPEndPoint to)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to).WaitAsync(TestStack.Patience);
        return new RawTcp(socket);
    }

    internal void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    internal Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    internal async Task SendAsync(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(bytes.AsMemory(sent)).AsTask().WaitAsync(TestStack.Patience);
    }

    /// <summary>The next message with its body; throws when the stream ends before.</summary>
    internal async Task<string> ReceiveAsync()
    {
        while (true)
        {
            var head = _left.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0)
            {
                var length = head + 4 + ContentLength(_left[..head]);
                if (_left.Length >= length)
                {
                    var message = _left[..length];
                    _left = _left[length..];
                    return message;
                }
            }

            if (!await ReadAsync()) throw new EndOfStreamException(_left);
        }
    }

    internal async Task<string> ReceiveExactlyAsync(int count)
    {
        while (_left.Length < count)
        {
            if (!await ReadAsync()) throw new EndOfStreamException(_left);
        }

        var text = _left[..count];
        _left = _left[count..];
        return text;
    }

    /// <summary>Reads to the end of the stream and returns what was left.</summary>
    internal async Task<string> ReceiveToEndAsync()
    {
        try
        {
            while (await ReadAsync())
            {
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Also an end.
        }

        return _left;
    }

    private static int ContentLength(string head)
    {
        const string name = "Content-Length: ";
        var at = head.IndexOf(name, StringComparison.Ordinal);
        return int.Parse(head[(at + name.Length)..].Split("\r\n")[0], CultureInfo.InvariantCulture);
    }

    private async Task<bool> ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        var count = await _socket.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(TestStack.Patience);
        _left += Encoding.UTF8.GetString(buffer, 0, count);
        return count > 0;
    }
}
