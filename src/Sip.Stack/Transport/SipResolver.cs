using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Sip.Stack.Messages;

namespace Sip.Stack.Transport;

/// <summary>How names are looked up.</summary>
public sealed record SipResolverOptions
{
    /// <summary>Longest wait for the system's resolver: the same as opening a stream may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long an address is used again. The system does not tell the record's own time to live.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a failure is: short, so that a repaired name works soon, but a storm asks once.</summary>
    public TimeSpan KeepFailureFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Names kept; beyond, all are forgotten and looked up anew.</summary>
    public int NamesMax { get; init; } = 10_000;

    /// <summary>Which addresses come first when a name has both kinds.</summary>
    public AddressFamily Prefer { get; init; } = AddressFamily.InterNetwork;
}

/// <summary>
/// From a URI to transport, address and port (RFC 3263 4 without NAPTR and SRV): literal addresses, and names by A and
/// AAAA through the system's resolver.
/// </summary>
public sealed class SipResolver
{
    private readonly SipResolverOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _lookUp;
    private readonly ConcurrentDictionary<string, Entry> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A resolver that asks the system.</summary>
    public SipResolver(SipResolverOptions options, TimeProvider time)
        : this(options, time, Dns.GetHostAddressesAsync)
    {
    }

    internal SipResolver(
        SipResolverOptions options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
    {
        _options = options;
        _time = time;
        _lookUp = lookUp;
    }

    /// <summary>Finds where requests to a URI go: the topmost Route, or the Request-URI.</summary>
    /// <returns>
    /// A destination, or the reason why there is none. Never throws for what a URI or the network holds.
    /// </returns>
    public async ValueTask<SipResolveResult> ResolveAsync(SipUri uri, CancellationToken cancel = default)
    {
        if (!uri.IsSip || uri.Host.Length == 0) return new SipResolveResult(null, SipResolveFailure.NotRoutable);
        if (TransportOf(uri) is not { } transport)
            return new SipResolveResult(null, SipResolveFailure.TransportNotOffered);

        // RFC 3263 4.1: maddr is the target when it is there.
        var target = (uri.MAddr ?? uri.Host).Trim('[', ']');
        var port = uri.Port ?? transport.DefaultPort();
        if (IPAddress.TryParse(target, out var literal)) return Found(transport, literal, port);

        var (address, failure) = await LookUpAsync(target.TrimEnd('.'), cancel).ConfigureAwait(false);
        return address is null ? new SipResolveResult(null, failure) : Found(transport, address, port);
    }

    /// <summary>RFC 3263 4.1: the transport parameter, else UDP for sip; sips means TLS.</summary>
    private static SipTransportKind? TransportOf(SipUri uri) => (uri.IsSecure, uri.TransportParameter) switch
    {
        (false, null or "udp") => SipTransportKind.Udp,
        (false, "tcp") => SipTransportKind.Tcp,
        _ => null,
    };

    private static SipResolveResult Found(SipTransportKind transport, IPAddress address, int port) =>
        new(new SipDestination(transport, new IPEndPoint(address, port)), SipResolveFailure.None);

    private async ValueTask<Entry> LookUpAsync(string name, CancellationToken cancel)
    {
        // RFC 6761 6.4, and RFC 7118 5: a WebSocket client has such a host in Via and Contact. Never asked for.
        if (name.Equals("invalid", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase))
        {
            return new Entry(null, SipResolveFailure.UnknownHost, 0);
        }

        var now = _time.GetTimestamp();
        if (_known.TryGetValue(name, out var known) && now < known.KeepUntil) return known;

        var (address, failure) = await AskAsync(name, cancel).ConfigureAwait(false);
        SipMetrics.Resolutions.WithLabels(failure switch
        {
            SipResolveFailure.None => "found",
            SipResolveFailure.Timeout => "timeout",
            _ => "unknown",
        }).Inc();
        var keep = address is null ? _options.KeepFailureFor : _options.KeepFor;
        var entry = new Entry(address, failure, now + (long)(keep.TotalSeconds * _time.TimestampFrequency));
        if (_known.Count >= _options.NamesMax) _known.Clear();
        _known[name] = entry;
        return entry;
    }

    private async Task<(IPAddress? Address, SipResolveFailure Failure)> AskAsync(string name, CancellationToken cancel)
    {
        try
        {
            // The system's call cannot always be stopped; it is left behind when the time is over.
            var found = await _lookUp(name, cancel).WaitAsync(_options.Timeout, _time, cancel).ConfigureAwait(false);
            var address = Array.Find(found, a => a.AddressFamily == _options.Prefer) ?? found.FirstOrDefault();
            return (address, address is null ? SipResolveFailure.UnknownHost : SipResolveFailure.None);
        }
        catch (TimeoutException)
        {
            return (null, SipResolveFailure.Timeout);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return (null, SipResolveFailure.UnknownHost);
        }
    }

    private readonly record struct Entry(IPAddress? Address, SipResolveFailure Failure, long KeepUntil)
    {
        internal void Deconstruct(out IPAddress? address, out SipResolveFailure failure)
        {
            address = Address;
            failure = Failure;
        }
    }
}
