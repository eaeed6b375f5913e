using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sip.Stack.Transport;

/// <summary>Lets in what comes from trusted networks, and a little of the rest: enough to tell a stranger so.</summary>
/// <remarks>Over UDP any source can be forged, at any rate. What is not let in costs neither a parse nor an answer, so
/// nobody gets more of our refusals than the little that is, and no more strange addresses get into the table of peers.
/// Thread-safe; asks the bytes of a source and makes no object of it.</remarks>
internal sealed class SourceGate
{
    // sockaddr_in and sockaddr_in6: where the address begins.
    private const int V4At = 4;
    private const int V6At = 8;

    private readonly (uint Address, uint Mask)[] _v4;
    private readonly (UInt128 Address, UInt128 Mask)[] _v6;
    private readonly RateBudget _strangers;

    /// <param name="trusted">Read without a limit.</param>
    /// <param name="strangersPerSecond">Datagrams of all other sources together.</param>
    /// <param name="time">For that rate.</param>
    internal SourceGate(IReadOnlyList<IPNetwork> trusted, int strangersPerSecond, TimeProvider time)
    {
        _v4 = [.. trusted.Where(n => n.BaseAddress.AddressFamily == AddressFamily.InterNetwork).Select(n => (
            BinaryPrimitives.ReadUInt32BigEndian(n.BaseAddress.GetAddressBytes()), (uint)MaskOf(n.PrefixLength, 32)))];
        _v6 = [.. trusted.Where(n => n.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6).Select(n => (
            BinaryPrimitives.ReadUInt128BigEndian(n.BaseAddress.GetAddressBytes()), MaskOf(n.PrefixLength, 128)))];
        _strangers = new RateBudget(strangersPerSecond, time);
    }

    /// <summary>Whether a datagram of this source (a sockaddr) is read.</summary>
    internal bool Admits(ReadOnlySpan<byte> source) => IsTrusted(source) || _strangers.TryTake();

    private bool IsTrusted(ReadOnlySpan<byte> source)
    {
        if (source.Length >= V6At + 16)
        {
            var v6 = BinaryPrimitives.ReadUInt128BigEndian(source[V6At..]);
            foreach (var (address, mask) in _v6)
            {
                if ((v6 & mask) == address) return true;
            }

            return false;
        }

        if (source.Length < V4At + 4) return false;
        var v4 = BinaryPrimitives.ReadUInt32BigEndian(source[V4At..]);
        foreach (var (address, mask) in _v4)
        {
            if ((v4 & mask) == address) return true;
        }

        return false;
    }

    private static UInt128 MaskOf(int prefix, int bits) =>
        prefix == 0 ? 0 : (UInt128.MaxValue << (bits - prefix)) & (UInt128.MaxValue >> (128 - bits));
}
