using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EndToEnd.BadInput;

/// <summary>A response as it came.</summary>
internal sealed record RawReply(int Status, string Reason, string Head)
{
    /// <summary>Values of a header, one per line.</summary>
    internal IReadOnlyList<string> Values(string name) =>
        [.. Head.Split("\r\n").Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())];

    /// <summary>The first value of a header; empty when there is none.</summary>
    internal string Value(string name) => Values(name) is [var first, ..] ? first : string.Empty;

    internal static RawReply Of(string head)
    {
        var words = head.Split("\r\n")[0].Split(' ', 3);
        return new RawReply(int.Parse(words[1], CultureInfo.InvariantCulture), words[2], head);
    }
}

/// <summary>Sends any bytes to a SIP port, over UDP or TCP, and gives the final responses: no rule of SIP is kept here.
/// </summary>
internal sealed class RawSip : IDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[65_536];
    private int _count;

    private RawSip(Socket socket) => _socket = socket;

    internal bool IsUdp => _socket.ProtocolType == ProtocolType.Udp;

    internal string Transport => IsUdp ? "udp" : "tcp";

    internal int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    internal string Address => ((IPEndPoint)_socket.LocalEndPoint!).Address.ToString();

    /// <summary>Opens a socket.</summary>
    /// <param name="from">The address that the server is to see; all of 127.0.0.0/8 are of this machine.</param>
    internal static async Task<RawSip> OpenAsync(string transport, IPEndPoint server, string from = "127.0.0.1")
    {
        var isUdp = transport == "udp";
        var socket = new Socket(
            AddressFamily.InterNetwork, isUdp ? SocketType.Dgram : SocketType.Stream,
            isUdp ? ProtocolType.Udp : ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(server);
        return new RawSip(socket);
    }

    internal Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    internal async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
    }

    /// <summary>Sends and waits for the final response.</summary>
    internal async Task<RawReply> AskAsync(string text)
    {
        await SendAsync(text);
        return await ReplyAsync();
    }

    /// <summary>The next final response.</summary>
    internal async Task<RawReply> ReplyAsync()
    {
        while (true)
        {
            var reply = IsUdp ? await DatagramAsync() : await FramedAsync();
            if (reply is null) throw new IOException("The server closed the stream without a response.");
            if (reply.Status >= 200) return reply;
        }
    }

    /// <summary>The next datagram, request or response.</summary>
    internal async Task<string> DatagramTextAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        var count = await _socket.ReceiveAsync(_buffer, SocketFlags.None, deadline.Token);
        return Encoding.UTF8.GetString(_buffer, 0, count);
    }

    /// <summary>Waits until the server has closed the stream; what still comes before is passed over.</summary>
    internal async Task ClosedAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            while (await _socket.ReceiveAsync(_buffer, SocketFlags.None, deadline.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: closed as well.
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<RawReply?> DatagramAsync() => RawReply.Of(await DatagramTextAsync());

    private async Task<RawReply?> FramedAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            var end = _buffer.AsSpan(0, _count).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var reply = RawReply.Of(Encoding.UTF8.GetString(_buffer, 0, end));
                var body = int.Parse("0" + reply.Value("Content-Length"), CultureInfo.InvariantCulture);
                var length = end + 4 + body;
                _buffer.AsSpan(length, _count - length).CopyTo(_buffer);
                _count -= length;
                return reply;
            }

            var received = await _socket.ReceiveAsync(_buffer.AsMemory(_count), SocketFlags.None, deadline.Token);
            if (received == 0) return null;
            _count += received;
        }
    }
}
