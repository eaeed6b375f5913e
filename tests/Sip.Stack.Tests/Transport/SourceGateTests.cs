using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class SourceGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("192.0.2.1/32", "192.0.2.1", true)]
    [InlineData("192.0.2.1/32", "192.0.2.2", false)]
    [InlineData("192.0.2.0/25", "192.0.2.127", true)]
    [InlineData("192.0.2.0/25", "192.0.2.128", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("2001:db8::7/128", "2001:db8::7", true)]
    [InlineData("2001:db8::7/128", "2001:db8::8", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "192.0.2.1", false)]
    public void Admits_WithNothingForStrangers_OnlyTrustedNetworks(string network, string source, bool expected)
    {
        var gate = new SourceGate([IPNetwork.Parse(network)], strangersPerSecond: 0, _time);

        Assert.Equal(expected, gate.Admits(Source(source)));
        Assert.Equal(expected, IPNetwork.Parse(network).Contains(IPAddress.Parse(source)));
    }

    [Fact]
    public void Admits_OfSeveralNetworks_AnyOfThem()
    {
        var gate = new SourceGate([IPNetwork.Parse("192.0.2.1/32"), IPNetwork.Parse("198.51.100.0/24")], 0, _time);

        Assert.True(gate.Admits(Source("198.51.100.7")));
        Assert.False(gate.Admits(Source("198.51.101.7")));
    }

    [Fact]
    public void Admits_Strangers_AsManyAsTheyMayAllTogether()
    {
        var gate = new SourceGate([IPNetwork.Parse("192.0.2.1/32")], strangersPerSecond: 3, _time);

        var admitted = Enumerable.Range(10, 20).Count(host => gate.Admits(Source($"203.0.113.{host}")));

        Assert.Equal(3, admitted);
        Assert.True(gate.Admits(Source("192.0.2.1"))); // Those that are trusted use nothing of it up.
    }

    [Fact]
    public void Admits_WhatIsNoAddress_AsAStranger() =>
        Assert.False(new SourceGate([IPNetwork.Parse("0.0.0.0/0")], 0, _time).Admits([]));

    internal static ReadOnlySpan<byte> Source(string address, int port = 5060)
    {
        var serialized = new IPEndPoint(IPAddress.Parse(address), port).Serialize();
        return serialized.Buffer.Span[..serialized.Size];
    }
}
