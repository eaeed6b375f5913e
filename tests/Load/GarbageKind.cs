using System.Text;

namespace Load;

/// <summary>Datagrams that no server should have to care for, of several kinds.</summary>
internal static class GarbageKind
{
    private const int Variants = 97; // Prime to the number of kinds and of sources, so that all pairs occur.

    private static readonly byte[] Letters = [.. "abcdefghijklmnopqrstuvwxyz ABCDEFG:;/@."u8];

    private static readonly Dictionary<string, Func<Random, int, byte[]>> Makers = new()
    {
        ["bytes"] = (random, _) => Bytes(random, 400),
        ["text"] = (random, _) => Text(random, 400),
        ["http"] = (_, number) => Encoding.ASCII.GetBytes(
            $"GET /{number:D4} HTTP/1.1\r\nHost: 192.0.2.1\r\nUser-Agent: {new string('x', 300)}\r\n\r\n"),
        ["stun"] = (random, _) => [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. Bytes(random, 12)],
        ["truncated"] = (random, number) => Request(number)[..random.Next(100, 330)],
        ["request"] = (_, number) => Request(number),
        ["response"] = (random, _) => Response(random),
        ["huge"] = (random, _) => Bytes(random, 60_000),
    };

    /// <summary>All of them, and "mixed".</summary>
    internal static IEnumerable<string> Names => Makers.Keys.Append("mixed");

    /// <summary>Datagrams of one kind, or of all in equal parts but for the huge ones: those are 1 in 100, or the
    /// memory of the machine is all that is measured.</summary>
    internal static IReadOnlyList<byte[]> Make(string kind)
    {
        var random = new Random(1);
        if (kind != "mixed") return [.. Enumerable.Range(0, Variants).Select(i => Makers[kind](random, i))];
        var small = Makers.Where(maker => maker.Key != "huge").Select(maker => maker.Value).ToArray();
        var mixed = Enumerable.Range(0, Variants * small.Length).Select(i => small[i % small.Length](random, i));

        // A group of huge ones is one datagram, a group of others sixteen: 1 in 6 groups is 1 in 100 datagrams.
        return [.. mixed.Chunk(6).SelectMany(six => six.Append(Makers["huge"](random, 0)))];
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Text(Random random, int count) => random.GetItems(Letters, count);

    private static byte[] Request(int number) => Encoding.ASCII.GetBytes(
        $"MESSAGE {Driver.Conference} SIP/2.0\r\n"
        + $"Via: SIP/2.0/UDP 192.0.2.66:5060;branch=z9hG4bKbad{number:D6};rport\r\n"
        + $"Max-Forwards: 70\r\nFrom: <sip:mallory@conf.example>;tag=bad{number:D6}\r\nTo: <{Driver.Conference}>\r\n"
        + $"Call-ID: bad{number:D6}@192.0.2.66\r\nCSeq: 1 MESSAGE\r\nP-Asserted-Identity: <{Driver.Chair}>\r\n"
        + $"Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");

    /// <summary>An answer to a delivery that never was: the digits of its branch are made up.</summary>
    internal static byte[] Response(Random random) => Encoding.ASCII.GetBytes(
        $"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKfan-{random.NextInt64():x16}"
        + $"{random.Next():x8}\r\nFrom: <{Driver.Conference}>;tag=0123456789abcdef01234567\r\n"
        + "To: <sip:+491700000001@conf.example>;tag=load\r\nCall-ID: 0123456789abcdef01234567@as.example\r\n"
        + "CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n");
}
