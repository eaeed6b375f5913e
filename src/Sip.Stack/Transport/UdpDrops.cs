using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sip.Stack.Transport;

/// <summary>
/// Reads from /proc/net/udp how many datagrams the kernel dropped on a socket; elsewhere it stays silent.
/// </summary>
internal sealed class UdpDrops
{
    private readonly string _file;
    private readonly string _address;
    private long _seen;

    internal UdpDrops(IPEndPoint local)
    {
        _file = local.AddressFamily == AddressFamily.InterNetworkV6 ? "/proc/net/udp6" : "/proc/net/udp";
        _address = KernelForm(local);
    }

    /// <summary>Adds what was dropped since the last call to the metric.</summary>
    internal void Update()
    {
        if (!File.Exists(_file)) return;
        var dropped = Sum(File.ReadLines(_file), _address);
        if (dropped > _seen) SipMetrics.UdpDrops.Inc(dropped - _seen);
        _seen = dropped;
    }

    /// <summary>The last column of the lines whose local address is the given one; sockets may share it.</summary>
    internal static long Sum(IEnumerable<string> lines, string address)
    {
        long sum = 0;
        foreach (var line in lines)
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length < 13 || columns[1] != address) continue;
            if (long.TryParse(columns[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var drops))
                sum += drops;
        }

        return sum;
    }

    /// <summary>Hexadecimal, the address in 32-bit words of the machine's byte order: 0100007F:13C4.</summary>
    internal static string KernelForm(IPEndPoint local)
    {
        var bytes = local.Address.GetAddressBytes();
        var words = new string[bytes.Length / 4];
        for (var i = 0; i < words.Length; i++)
        {
            var word = BitConverter.IsLittleEndian
                ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i * 4))
                : BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(i * 4));
            words[i] = word.ToString("X8", CultureInfo.InvariantCulture);
        }

        return string.Concat(words) + ":" + local.Port.ToString("X4", CultureInfo.InvariantCulture);
    }
}
