using System.Net;
using Conference.Client.Requests;
using Conference.Protocol;
using Conference.Protocol.Xml;
using Sip.Stack.Transport;

namespace Conference.Client;

/// <summary>Who the participant is, where the server is, and the limits of the client.</summary>
public sealed record ConferenceClientOptions
{
    /// <summary>The public identity, for example <c>sip:alice@example.org</c>.</summary>
    public required ParticipantUri Identity { get; init; }

    /// <summary>The server's (or the proxy's) address. Every request goes there.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>The password for digest authentication; null to answer no challenge (trusted by address).</summary>
    public string? Password { get; init; }

    /// <summary>The user name for digest authentication; null takes the user part of <see cref="Identity"/>.</summary>
    public string? UserName { get; init; }

    /// <summary>Shown to others; null for none.</summary>
    public string? DisplayName { get; init; }

    /// <summary>UDP or TCP: what the requests use and what the Contact asks the server to use.</summary>
    /// <remarks>With UDP, a request above 1,300 bytes goes by TCP all the same (RFC 3261 18.1.1).</remarks>
    public SipTransportKind Transport { get; init; } = SipTransportKind.Udp;

    /// <summary>The local address; it must be one that the server can reach.</summary>
    public IPAddress LocalAddress { get; init; } = IPAddress.Loopback;

    /// <summary>The local port, for UDP and TCP; 0 takes a free one.</summary>
    public int LocalPort { get; init; }

    /// <summary>By which system calls datagrams come and go; the client falls back by itself where the system cannot.
    /// </summary>
    public SipSystemCalls SystemCalls { get; init; } = SipSystemCalls.Batched;

    /// <summary>Where conferences are created; null takes <c>sip:factory@</c> and the host of the identity.
    /// </summary>
    public string? FactoryUri { get; init; }

    /// <summary>How long a registration is asked for. Refreshed at 80 %, well inside the 8 minutes after which the
    /// server closes an idle stream.</summary>
    public TimeSpan RegistrationLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How requests are repeated.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>Requests waiting behind the outstanding one, per conference; beyond, they end with
    /// <see cref="RequestOutcome.QueueFull"/>.</summary>
    public int QueueLengthMax { get; init; } = 1024;

    /// <summary>A page above this travels in parts of this size. 128 KiB of content are 171 KiB of Base64: well below
    /// the 1 MiB that servers take in one message.</summary>
    public int PartBytesMax { get; init; } = 128 * 1024;

    /// <summary>Page content kept; beyond, the page that came first is dropped (it can be fetched again).</summary>
    public long PageCacheBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>Conferences followed at a time; a message of another one is refused with 486.</summary>
    public int ConferencesMax { get; init; } = 64;

    /// <summary>Time-out of JoinAsync and FetchPageAsync for what follows the acknowledgement.</summary>
    public TimeSpan FollowUpTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time-out of SaveAsync. A server waits for missing pages until 60 s after the last one that came
    /// (docs/protocol.md): this leaves room for some dozens of pages on a thin line.</summary>
    public TimeSpan SaveTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A download in which nothing comes for so long is begun again, four times in all.</summary>
    public TimeSpan DownloadStallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Pages by reference downloaded at a time, per conference; beyond, a message is answered 480. In memory
    /// they are at most so many times 16 MiB.</summary>
    public int PageDownloadsMax { get; init; } = 16;

    /// <summary>The largest saved file that is downloaded, in bytes: it is held in memory.</summary>
    public long FileBytesMax { get; init; } = 1L << 30;

    /// <summary>An unanswered resync is repeated when the gap shows again after this time.</summary>
    public TimeSpan ResyncRepeatAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a body by reference may take. The server waits 32 s for the answer to the message
    /// (RFC 3261 17.1.2.2, 64*T1); a third of it leaves room for what is lost on the way.</summary>
    public TimeSpan BodyFetchTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bodies by reference fetched at a time, per conference; beyond, a message is answered 480. The server
    /// has one message outstanding (RFC 3428 8); the other one is for what it repeats after giving up.</summary>
    public int BodyFetchesMax { get; init; } = 2;

    /// <summary>What is read from the server at most.</summary>
    public ProtocolLimits Limits { get; init; } = ProtocolLimits.Default;

    internal string DigestUser => UserName ?? UserOf(Identity.Value);

    internal string ContactUser => UserOf(Identity.Value);

    internal string Domain => HostOf(Identity.Value);

    internal string Factory => FactoryUri ?? $"sip:factory@{Domain}";

    private static string UserOf(string uri)
    {
        var start = uri.IndexOf(':', StringComparison.Ordinal) + 1;
        var at = uri.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? uri[start..] : uri[start..at];
    }

    private static string HostOf(string uri)
    {
        var at = uri.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? "localhost" : uri[(at + 1)..];
    }
}
