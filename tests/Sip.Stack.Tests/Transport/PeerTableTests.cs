using System.Net;
using System.Net.Sockets;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class PeerTableTests
{
    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1%3")]
    public void Find_OfASource_GivesItsEndpoint_TheSameEachTime(string address)
    {
        var expected = new IPEndPoint(IPAddress.Parse(address), 5070);
        var table = new PeerTable(expected.AddressFamily, 16);

        var first = table.Find(SourceGateTests.Source(address, 5070));

        Assert.Equal(expected, first);
        Assert.Same(first, table.Find(SourceGateTests.Source(address, 5070)));
        Assert.NotEqual(first, table.Find(SourceGateTests.Source(address, 5071)));
    }

    [Fact]
    public void Find_OfMadeUpSources_IsBounded_AndKeepsOneThatSendsNowAndThen()
    {
        var table = new PeerTable(AddressFamily.InterNetwork, 64);
        var known = table.Find(SourceGateTests.Source("192.0.2.1"));

        for (var port = 1; port <= 10_000; port++)
        {
            table.Find(SourceGateTests.Source("203.0.113.9", port));
            if (port % 30 == 0) Assert.Same(known, table.Find(SourceGateTests.Source("192.0.2.1")));
            Assert.InRange(table.Count, 1, 64);
        }
    }

    [Fact]
    public void Find_OfAKnownSource_AllocatesNothing()
    {
        var table = new PeerTable(AddressFamily.InterNetworkV6, 64);
        var source = SourceGateTests.Source("2001:db8::1").ToArray();
        for (var i = 0; i < 2; i++) table.Find(source); // A new one, and a known one.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) table.Find(source);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
