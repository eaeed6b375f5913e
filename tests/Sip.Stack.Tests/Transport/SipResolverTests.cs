using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public class SipResolverTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _asked = [];

    [Theory]
    [InlineData("sip:bob@192.0.2.1", SipTransportKind.Udp, "192.0.2.1:5060")]
    [InlineData("sip:bob@192.0.2.1:5080;transport=TCP", SipTransportKind.Tcp, "192.0.2.1:5080")]
    [InlineData("sip:bob@[2001:db8::1];transport=udp", SipTransportKind.Udp, "[2001:db8::1]:5060")]
    [InlineData("sip:bob@example.com;maddr=192.0.2.7", SipTransportKind.Udp, "192.0.2.7:5060")]
    [InlineData("sip:bob@both.example", SipTransportKind.Udp, "192.0.2.2:5060")]
    [InlineData("sip:six.example:5090;transport=tcp", SipTransportKind.Tcp, "[2001:db8::6]:5090")]
    public async Task Uri_WithAddressOrName_HasDestination(string uri, SipTransportKind transport, string address)
    {
        var result = await Create().ResolveAsync(SipUri.Parse(uri));

        Assert.Equal(SipResolveFailure.None, result.Failure);
        Assert.Equal(new SipDestination(transport, IPEndPoint.Parse(address)), result.Destination);
    }

    [Theory]
    [InlineData("sips:bob@192.0.2.1", SipResolveFailure.TransportNotOffered)]
    [InlineData("sip:bob@192.0.2.1;transport=ws", SipResolveFailure.TransportNotOffered)]
    [InlineData("sip:bob@192.0.2.1;transport=sctp", SipResolveFailure.TransportNotOffered)]
    [InlineData("tel:+15550001", SipResolveFailure.NotRoutable)]
    [InlineData("sip:bob@xyz.invalid", SipResolveFailure.UnknownHost)]
    [InlineData("sip:bob@missing.example", SipResolveFailure.UnknownHost)]
    public async Task Uri_WithoutDestination_SaysWhy(string uri, SipResolveFailure failure)
    {
        var result = await Create().ResolveAsync(SipUri.Parse(uri));

        Assert.Equal(failure, result.Failure);
        Assert.Null(result.Destination);
        Assert.DoesNotContain("xyz.invalid", _asked);
    }

    [Fact]
    public async Task Name_AskedAgain_ComesFromCacheUntilItIsOld()
    {
        var resolver = Create();
        var uri = SipUri.Parse("sip:both.example");
        await resolver.ResolveAsync(uri);
        await resolver.ResolveAsync(SipUri.Parse("sip:BOTH.example."));
        Assert.Single(_asked);

        _time.Advance(TimeSpan.FromSeconds(61));
        await resolver.ResolveAsync(uri);

        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task Name_Failed_IsAskedAgainSoon()
    {
        var resolver = Create();
        var uri = SipUri.Parse("sip:missing.example");
        await resolver.ResolveAsync(uri);
        await resolver.ResolveAsync(uri);
        Assert.Single(_asked);

        _time.Advance(TimeSpan.FromSeconds(6));
        await resolver.ResolveAsync(uri);

        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task Resolver_Silent_TimesOut()
    {
        var never = new TaskCompletionSource<IPAddress[]>().Task;
        var resolver = new SipResolver(new SipResolverOptions(), _time, (_, _) => never);
        var resolving = resolver.ResolveAsync(SipUri.Parse("sip:slow.example")).AsTask();

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(SipResolveFailure.Timeout, (await resolving.WaitAsync(TestStack.Patience)).Failure);
    }

    private SipResolver Create() => new(new SipResolverOptions(), _time, LookUp);

    private static Task<IPAddress[]> Found(params string[] addresses) =>
        Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());

    private Task<IPAddress[]> LookUp(string name, CancellationToken cancel)
    {
        _asked.Add(name);
        return name.ToLowerInvariant() switch
        {
            "both.example" => Found("2001:db8::2", "192.0.2.2"),
            "six.example" => Found("2001:db8::6"),
            _ => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)),
        };
    }
}
