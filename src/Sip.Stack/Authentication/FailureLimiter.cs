using System.Net;
using System.Net.Sockets;

namespace Sip.Stack.Authentication;

/// <summary>Counts wrong answers per source and says when it is enough.</summary>
/// <remarks>
/// A source is an IPv4 address or an IPv6 /64, because one host has a whole /64 to choose from. A success does not
/// wipe the count: the guesser behind the same NAT would profit from it. Over UDP the address can be forged, so the
/// worst use of this limit is to lock one address out for one window; that is why the window is short.
/// </remarks>
public sealed class FailureLimiter(DigestOptions options)
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Dictionary<IPAddress, (int Failures, DateTimeOffset Until)> _sources = [];
    private readonly Queue<(IPAddress Source, DateTimeOffset Until)> _ends = new();

    /// <summary>True when the source has used up its failures for now.</summary>
    public bool IsBlocked(IPAddress source, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _sources.TryGetValue(Network(source), out var entry)
                && entry.Until > now && entry.Failures >= options.FailuresPerSourceMax;
        }
    }

    /// <summary>Counts one failure.</summary>
    public void Fail(IPAddress source, DateTimeOffset now)
    {
        var network = Network(source);
        lock (_gate)
        {
            while (_ends.TryPeek(out var end) && end.Until <= now) ForgetOldest();
            if (_sources.TryGetValue(network, out var entry))
            {
                _sources[network] = entry with { Failures = entry.Failures + 1 };
                return;
            }

            while (_ends.Count > 0 && _sources.Count >= options.FailureSourcesMax) ForgetOldest();
            var until = now + options.FailureWindow;
            _sources.Add(network, (1, until));
            _ends.Enqueue((network, until));
        }
    }

    // Under _gate. Each source stands once in the queue.
    private void ForgetOldest() => _sources.Remove(_ends.Dequeue().Source);

    private static IPAddress Network(IPAddress source)
    {
        if (source.IsIPv4MappedToIPv6) return source.MapToIPv4();
        if (source.AddressFamily != AddressFamily.InterNetworkV6) return source;
        Span<byte> bytes = stackalloc byte[16];
        source.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
