using Sip.Stack.Registration;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Registration;

public sealed class BindingFlowTests
{
    [Theory]
    [InlineData("udp:192.0.2.1:5060", SipTransportKind.Udp)]
    [InlineData("tcp:[2001:db8::1]:49152", SipTransportKind.Tcp)]
    [InlineData("wss:192.0.2.1:443", SipTransportKind.Wss)]
    public void ToString_OfParsed_IsTheSameText(string text, SipTransportKind transport)
    {
        Assert.True(BindingFlow.TryParse(text, out var flow));
        Assert.Equal(transport, flow!.Transport);
        Assert.Equal(text, flow.ToString());
        Assert.Equal(flow.Remote, flow.ToDestination().Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("udp")]
    [InlineData("sctp:192.0.2.1:5060")]
    [InlineData("udp:host:5060")]
    public void TryParse_OfOtherText_IsFalse(string text) => Assert.False(BindingFlow.TryParse(text, out _));
}
