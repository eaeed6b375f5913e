using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AppServer.Tests.Links;

/// <summary>A participant's UDP socket.</summary>
internal sealed class UdpClientSide : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private IPEndPoint? _server;

    internal IPEndPoint Address => (IPEndPoint)_socket.Client.LocalEndPoint!;

    internal bool HasMore => _socket.Available > 0;

    public void Dispose() => _socket.Dispose();

    internal async Task<string> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(LinkRig.Patience);
        var received = await _socket.ReceiveAsync(patience.Token);
        _server = received.RemoteEndPoint;
        return Encoding.UTF8.GetString(received.Buffer);
    }

    internal Task AnswerAsync(string request) => _socket.SendAsync(LinkRig.OkTo(request), _server).AsTask();
}
