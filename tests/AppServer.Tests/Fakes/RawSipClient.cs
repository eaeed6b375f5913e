using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sip.Stack.Authentication;
using Sip.Stack.Messages;

namespace AppServer.Tests.Fakes;

/// <summary>Writes bytes to a server as an attacker would, over UDP from a chosen address or over TCP.</summary>
internal sealed class RawSipClient : IDisposable
{
    private const int AttemptsMax = 50;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly IPEndPoint _server;
    private int _sequence;

    internal RawSipClient(IPEndPoint server, string source = "127.0.0.1")
    {
        _server = server;
        _udp.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
    }

    /// <summary>A request with its own Call-ID and branch.</summary>
    internal string Request(
        string method = "MESSAGE", string uri = "sip:conf-lobby@conference.example",
        string from = "sip:alice@conference.example", string? to = null, string body = "hello", string headers = "",
        string type = "text/plain", string? length = null)
    {
        var number = ++_sequence;
        var size = length ?? Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture);
        var extra = headers.Length == 0 ? "" : headers + "\n";
        return $"""
            {method} {uri} SIP/2.0
            Via: SIP/2.0/UDP {_udp.LocalEndPoint};branch=z9hG4bK{Guid.NewGuid():N}
            Max-Forwards: 70
            From: <{from}>;tag=1
            To: <{to ?? uri}>
            Call-ID: {Guid.NewGuid():N}
            CSeq: {number} {method}
            {extra}Content-Type: {type}
            Content-Length: {size}


            """.ReplaceLineEndings("\r\n") + body;
    }

    /// <summary>Sends by UDP and waits for the answer.</summary>
    internal async Task<SipResponse> SendAsync(string message)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await _udp.SendToAsync(Encoding.UTF8.GetBytes(message), SocketFlags.None, _server, deadline.Token);
        var buffer = new byte[65_535];
        while (true)
        {
            var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, _server, deadline.Token);
            SipMessageReader.TryRead(buffer.AsSpan(0, received.ReceivedBytes), SipParseLimits.Default, out var read);
            if (read is SipResponse { StatusCode: >= 200 } response) return response;
        }
    }

    /// <summary>As <see cref="SendAsync"/>; again, as any client does, when the store was slow for a moment.</summary>
    internal async Task<SipResponse> SendPatientlyAsync(string message)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await SendAsync(message);
            if (answer.StatusCode != 503 || attempt == AttemptsMax) return answer;
            message = Renew(message);
        }
    }

    /// <summary>Sends by UDP and answers one challenge, with the next CSeq (RFC 3261 22.1). Again when the store was
    /// slow for a moment.</summary>
    internal async Task<(string Sent, SipResponse Answer)> SendAsUserAsync(string message, string user, string password)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (sent, answer) = await SendOnceAsUserAsync(message, user, password);
            if (answer.StatusCode != 503 || attempt == AttemptsMax) return (sent, answer);
            message = Renew(message);
        }
    }

    private async Task<(string Sent, SipResponse Answer)> SendOnceAsUserAsync(
        string message, string user, string password)
    {
        var challenged = await SendAsync(message);
        if (challenged.StatusCode != 401) return (message, challenged);
        var challenges = new List<string>();
        foreach (var line in challenged.Headers)
        {
            if (line.Name == SipHeaderName.WwwAuthenticate) challenges.Add(line.ValueText);
        }

        var parts = message.Split(' ', 3);
        var client = new DigestClient(user, password, Random.Shared.NextBytes);
        client.Answer(challenges, parts[0], parts[1], refusedCredentials: false, out var value);
        var again = Renew(message).Replace(
            "Max-Forwards: 70", $"Max-Forwards: 70\r\nAuthorization: {value}", StringComparison.Ordinal);
        return (again, await SendAsync(again));
    }

    /// <summary>The same message in a new transaction with the next CSeq.</summary>
    internal string Renew(string message)
    {
        var lines = message.Split("\r\n");
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("Via:", StringComparison.Ordinal))
                lines[i] = lines[i].Split("z9hG4bK")[0] + $"z9hG4bK{Guid.NewGuid():N}";
            if (lines[i].StartsWith("CSeq:", StringComparison.Ordinal))
                lines[i] = $"CSeq: {++_sequence} {lines[i].Split(' ')[2]}";
        }

        return string.Join("\r\n", lines);
    }

    /// <summary>Sends by TCP; gives all that comes back until the server closes or one answer is there.</summary>
    internal async Task<string> SendByTcpAsync(byte[] bytes)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_server, deadline.Token);
        var sending = SendAllAsync(socket, bytes, deadline.Token);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = 0;
            try
            {
                count = await socket.ReceiveAsync(buffer, deadline.Token);
            }
            catch (SocketException)
            {
                // Closed under what was still being sent.
            }

            if (count == 0) break;
            answer.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        socket.Close();
        await sending;
        return answer.ToString();
    }

    public void Dispose() => _udp.Dispose();

    private static async Task SendAllAsync(Socket socket, byte[] bytes, CancellationToken cancel)
    {
        try
        {
            await socket.SendAsync(bytes, cancel);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The server has heard enough.
        }
    }
}
