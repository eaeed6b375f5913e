using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sip.Stack.Tests.Transport;

/// <summary>A bare UDP socket as the other side.</summary>
internal sealed class RawUdp : IDisposable
{
    private readonly UdpClient _client;

    internal RawUdp(IPAddress? address = null, int port = 0) =>
        _client = new UdpClient(new IPEndPoint(address ?? IPAddress.Loopback, port));

    internal IPEndPoint Local => (IPEndPoint)_client.Client.LocalEndPoint!;

    public void Dispose() => _client.Dispose();

    internal void Send(string message, IPEndPoint to) => Send(Encoding.UTF8.GetBytes(message), to);

    internal void Send(byte[] datagram, IPEndPoint to) => _client.Send(datagram, to);

    internal async Task<string> ReceiveAsync()
    {
        var result = await _client.ReceiveAsync().WaitAsync(TestStack.Patience);
        return Encoding.UTF8.GetString(result.Buffer);
    }
}
