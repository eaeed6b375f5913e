using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sip.Stack.Transport;

/// <summary>Sources that were seen lately, so that a message of a known one costs no object. Of one thread alone.
/// </summary>
/// <remarks>Two generations: what is asked for moves to the young one; when that is full it becomes the old one, and
/// the old one is forgotten. One that sends stays, unless half as many as the table holds come between two of its
/// messages; it then costs an object again.</remarks>
internal sealed class PeerTable(AddressFamily family, int peersMax)
{
    private readonly IPEndPoint _maker = new(
        family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);

    private readonly SocketAddress _address = new(family);
    private Dictionary<PeerKey, IPEndPoint> _young = [];
    private Dictionary<PeerKey, IPEndPoint> _old = [];

    /// <summary>Known sources.</summary>
    internal int Count => _young.Count + _old.Count;

    /// <summary>The endpoint of a source.</summary>
    /// <param name="source">A sockaddr of the table's family.</param>
    internal IPEndPoint Find(ReadOnlySpan<byte> source)
    {
        var key = PeerKey.Of(source);
        if (_young.TryGetValue(key, out var peer)) return peer;
        if (!_old.Remove(key, out peer)) peer = Make(source);
        if (_young.Count >= peersMax / 2)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        _young.Add(key, peer);
        return peer;
    }

    private IPEndPoint Make(ReadOnlySpan<byte> source)
    {
        _address.Size = source.Length;
        source.CopyTo(_address.Buffer.Span);
        return (IPEndPoint)_maker.Create(_address);
    }

    /// <summary>The bytes of a source, with zeros behind.</summary>
    private readonly record struct PeerKey(ulong A, ulong B, ulong C, ulong D)
    {
        internal static PeerKey Of(ReadOnlySpan<byte> source)
        {
            Span<ulong> words = stackalloc ulong[4];
            words.Clear();
            source.CopyTo(MemoryMarshal.AsBytes(words));
            return new PeerKey(words[0], words[1], words[2], words[3]);
        }

        // Seeded for each process: nobody can choose sources that fall into one bucket.
        public override int GetHashCode() => HashCode.Combine(A, B, C, D);
    }
}
