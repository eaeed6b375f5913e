namespace Sip.Stack.Transport;

/// <summary>A transport of the Via header (RFC 3261 20.42, RFC 7118 5).</summary>
public enum SipTransportKind : byte
{
    /// <summary>Datagrams; the only unreliable one, so the only one where transactions resend.</summary>
    Udp,

    /// <summary>One stream per peer, framed by Content-Length (RFC 3261 18.3).</summary>
    Tcp,

    /// <summary>TLS over TCP. Named by URIs (sips, transport=tls); no listener offers it yet.</summary>
    Tls,

    /// <summary>WebSocket (RFC 7118). No listener offers it yet.</summary>
    Ws,

    /// <summary>WebSocket over TLS (RFC 7118). No listener offers it yet.</summary>
    Wss,
}

/// <summary>What the transports are called on the wire and what they promise.</summary>
public static class SipTransportKinds
{
    /// <summary>False for UDP alone: it decides timers A, E, G and the zero timers (RFC 3261 17).</summary>
    public static bool IsReliable(this SipTransportKind kind) => kind != SipTransportKind.Udp;

    /// <summary>The word in Via: "UDP", "TCP", "TLS", "WS", "WSS".</summary>
    public static string ViaName(this SipTransportKind kind) => kind switch
    {
        SipTransportKind.Udp => "UDP",
        SipTransportKind.Tcp => "TCP",
        SipTransportKind.Tls => "TLS",
        SipTransportKind.Ws => "WS",
        _ => "WSS",
    };

    /// <summary>The bounded metric label: "udp", "tcp", "tls", "ws", "wss".</summary>
    public static string Label(this SipTransportKind kind) => kind switch
    {
        SipTransportKind.Udp => "udp",
        SipTransportKind.Tcp => "tcp",
        SipTransportKind.Tls => "tls",
        SipTransportKind.Ws => "ws",
        _ => "wss",
    };

    /// <summary>The port that an address without one means (RFC 3261 18.1.1, RFC 7118 5).</summary>
    public static int DefaultPort(this SipTransportKind kind) => kind switch
    {
        SipTransportKind.Tls => 5061,
        SipTransportKind.Ws => 80,
        SipTransportKind.Wss => 443,
        _ => 5060,
    };
}
