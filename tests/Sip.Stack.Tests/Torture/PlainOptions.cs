using System.Net;
using System.Text;

namespace Sip.Stack.Tests.Torture;

/// <summary>The request that a healthy server answers with 200 whatever came before it.</summary>
internal static class PlainOptions
{
    private static int _count;

    /// <summary>An OPTIONS nobody has sent before.</summary>
    public static (byte[] Bytes, string CallId) New(string transport, int port)
    {
        var number = Interlocked.Increment(ref _count);
        var callId = $"plain-options-{number}";
        var text = $"OPTIONS sip:127.0.0.1 SIP/2.0\r\n"
            + $"Via: SIP/2.0/{transport} 127.0.0.1:{port};branch=z9hG4bKplain{number};rport\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:probe@127.0.0.1>;tag=p{number}\r\nTo: <sip:127.0.0.1>\r\nCall-ID: {callId}\r\n"
            + "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
        return (Encoding.ASCII.GetBytes(text), callId);
    }

    /// <summary>Fails unless the server answers 200.</summary>
    public static async Task AssertAnsweredAsync(IPEndPoint server)
    {
        using var probe = new UdpProbe(0);
        probe.Send(New("UDP", probe.Port).Bytes, server);
        var response = await probe.ReceiveFinalAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(200, response.Status);
    }
}
