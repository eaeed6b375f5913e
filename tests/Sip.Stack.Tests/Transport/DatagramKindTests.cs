using System.Text;
using Sip.Stack.Tests.Messages;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class DatagramKindTests
{
    public static TheoryData<string, string> Datagrams => new()
    {
        { "", nameof(DatagramKind.KeepAlive) },
        { "\r\n\r\n", nameof(DatagramKind.KeepAlive) },
        { "\n\r\n", nameof(DatagramKind.KeepAlive) },
        { "OPTIONS sip:a@b SIP/2.0\r\n", nameof(DatagramKind.Request) },
        { "\r\nOPTIONS sip:a@b SIP/2.0\r\n", nameof(DatagramKind.Request) },
        { "OPTIONS sip:a@b sip/2.0\r\n", nameof(DatagramKind.Request) }, // RFC 3261 7.1: the version is without case
        { "OPTIONS sip:a@b SIP/7.0\r\n", nameof(DatagramKind.Request) }, // 505
        { "OPTIONS sip:a@b SIP/2.0  \r\n", nameof(DatagramKind.Request) }, // 400, RFC 4475 3.1.2.6
        { "OPTIONS sip:a@b sip/2.0  \r\n", nameof(DatagramKind.Request) },
        { "OPTIONS  sip:a@b  SIP/2.0\r\n", nameof(DatagramKind.Request) }, // 400, RFC 4475 3.1.2.9
        { "OPTIONS sip:a@b SIP/2.0 more\r\n", nameof(DatagramKind.Request) },
        { "OPTIONS sip:a@b SIP/2.0\n\r\n", nameof(DatagramKind.Request) },
        { "SIP/2.0 200 OK\r\n", nameof(DatagramKind.Response) },
        { "SIP/7.0 200 OK\r\n", nameof(DatagramKind.Response) },
        { "sip/2.0", nameof(DatagramKind.Response) },
        { "SIP/", nameof(DatagramKind.Response) },
        { "SIP", nameof(DatagramKind.NotSip) },
        { "SIPS sip:a@b SIP/2.0\r\n", nameof(DatagramKind.Request) },
        { "OPTIONS sip:a@b SIP/2.0", nameof(DatagramKind.NotSip) },
        { "OPTIONS sip:a@b\r\nVia: SIP/2.0/UDP c\r\n", nameof(DatagramKind.NotSip) },
        { "GET / HTTP/1.1\r\nHost: SIP/2.0\r\n", nameof(DatagramKind.NotSip) },
        { "SIP/2.0\rx", nameof(DatagramKind.Response) },
        { "x", nameof(DatagramKind.NotSip) },
        { "x\r\n", nameof(DatagramKind.NotSip) },
        { "\t\r\n", nameof(DatagramKind.Binary) },
        { " OPTIONS sip:a@b SIP/2.0\r\n", nameof(DatagramKind.Binary) },
        { "\u007fELF", nameof(DatagramKind.Binary) },
        { "\u00ff\u0000", nameof(DatagramKind.Binary) },
        { "\u0000\u0001\u0000\u0000\u0021\u0012\u00a4\u0042twelve bytes", nameof(DatagramKind.Stun) },
        { "\u0000\u0001\u0000\u0000\u0021\u0012\u00a4\u0042short", nameof(DatagramKind.Binary) },
    };

    [Theory]
    [MemberData(nameof(Datagrams))]
    public void Datagram_ByItsFirstLine_IsOfItsKind(string datagram, string expected)
    {
        var bytes = Encoding.Latin1.GetBytes(datagram);

        var kind = DatagramKinds.Read(bytes, out var message);

        Assert.Equal(expected, kind.ToString());
        Assert.True(message.IsEmpty || message[0] is not ((byte)'\r' or (byte)'\n'));
    }

    [Fact] // What is answered, be it with a refusal, must reach the parser; without a Via nothing is.
    public void TortureMessages_ThatCanBeAnswered_AreAllSip()
    {
        foreach (var message in TortureFolder.Messages.Where(one => one.ResponsePort is not null || !one.IsRequest))
        {
            var kind = DatagramKinds.Read(message.Bytes, out _);
            Assert.Equal(message.IsRequest ? DatagramKind.Request : DatagramKind.Response, kind);
        }
    }

    [Fact]
    public void Fault_OfEachKind_IsDescribed()
    {
        var faults = Enum.GetValues<DatagramKind>().Select(DatagramKinds.Fault).OfType<string>().ToList();

        Assert.Equal(["stun", "garbage", "not_sip"], faults);
    }

    [Fact]
    public void Read_OfGarbage_AllocatesNothing()
    {
        var text = Encoding.ASCII.GetBytes(new string('x', 1_400));
        DatagramKinds.Read(text, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) DatagramKinds.Read(text, out _);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
