using System.Text;

namespace Sip.Stack.Tests.Torture;

/// <summary>The project's own odd messages against a whole stack on loopback, all at one server.</summary>
public sealed class OwnTortureTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private TortureUas _uas = null!;

    public static TheoryData<string> Names() => [.. OwnTorture.Cases.Keys];

    public async Task InitializeAsync() => _uas = await TortureUas.StartAsync();

    public async Task DisposeAsync() => await _uas.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task OddMessage_OverUdp_GetsItsAnswer(string name)
    {
        var odd = OwnTorture.Cases[name];
        using var probe = new UdpProbe(0);

        probe.Send(odd.ToBytes("UDP", probe.Port), _uas.Address);

        if (odd.Status != 0) odd.AssertIs(await probe.ReceiveFinalAsync(Patience));
        await PlainOptions.AssertAnsweredAsync(_uas.Address);
        if (odd.Status == 0) Assert.False(probe.HasMore);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public Task OddMessage_OverTcpGluedToAnother_GetsItsAnswer(string name) =>
        OverTcpAsync(name, (probe, bytes) => probe.Send(bytes));

    [Theory]
    [MemberData(nameof(Names))]
    public Task OddMessage_OverTcpByteByByte_GetsItsAnswer(string name) =>
        OverTcpAsync(name, (probe, bytes) => probe.SendByteByByte(bytes));

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("\0\0\0\0")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("OPTIONS sip:a@b\r\nno colon here\r\n\r\n")]
    [InlineData("OPTIONS sip:a@b SIP/2.0\r\n\r\n")]
    [InlineData("OPTIONS sip:a@b SIP/2.0\r\nVia: nonsense\r\n\r\n")]
    [InlineData("SIP/2.0\r\n\r\n")]
    public async Task Garbage_OverUdp_IsNotAnsweredAndHarmsNothing(string garbage)
    {
        using var probe = new UdpProbe(0);

        probe.Send(Encoding.Latin1.GetBytes(garbage), _uas.Address);

        await PlainOptions.AssertAnsweredAsync(_uas.Address);
        Assert.False(probe.HasMore);
    }

    [Fact] // RFC 3261 18.3: what follows the body in a datagram is nothing
    public async Task Datagram_WithSecondRequestBehindTheBody_IsOneRequest()
    {
        using var probe = new UdpProbe(0);
        var (first, callId) = PlainOptions.New("UDP", probe.Port);
        var (second, _) = PlainOptions.New("UDP", probe.Port);

        probe.Send([.. first, .. second], _uas.Address);

        Assert.Equal(callId, (await probe.ReceiveFinalAsync(Patience)).CallId);
        await PlainOptions.AssertAnsweredAsync(_uas.Address);
        Assert.False(probe.HasMore);
    }

    [Fact]
    public async Task Datagram_ShorterThanItsContentLength_Is400()
    {
        using var probe = new UdpProbe(0);
        var odd = new OwnTorture(
            "MESSAGE sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 MESSAGE\nContent-Type: text/plain\n"
            + "Content-Length: 9999\n\nhi", 400, "Content-Length");

        probe.Send(odd.ToBytes("UDP", probe.Port), _uas.Address);

        odd.AssertIs(await probe.ReceiveFinalAsync(Patience));
    }

    [Fact] // The cookie alone names no transaction: two requests with it are two (RFC 4475 3.3.1)
    public async Task BareCookieAsBranch_OfTwoRequests_IsAnsweredTwice()
    {
        using var probe = new UdpProbe(0);
        for (var number = 1; number <= 2; number++)
        {
            var text = Encoding.ASCII.GetString(PlainOptions.New("UDP", probe.Port).Bytes);
            var cut = System.Text.RegularExpressions.Regex.Replace(text, "branch=z9hG4bK[a-z0-9]+", "branch=z9hG4bK");
            probe.Send(Encoding.ASCII.GetBytes(cut), _uas.Address);

            Assert.Equal(200, (await probe.ReceiveFinalAsync(Patience)).Status);
        }
    }

    [Fact]
    public async Task Retransmission_OfARequest_GetsTheSameAnswerByteForByte()
    {
        using var probe = new UdpProbe(0);
        var (options, _) = PlainOptions.New("UDP", probe.Port);

        probe.Send(options, _uas.Address);
        var first = await probe.ReceiveFinalAsync(Patience);
        probe.Send(options, _uas.Address);
        var second = await probe.ReceiveFinalAsync(Patience);

        Assert.Equal(first["To"], second["To"]); // the tag is random, so a second handling would show
    }

    [Fact] // RFC 3261 18.3 and the size limit: refused before it is buffered
    public async Task Stream_AnnouncingTwentyMegabytes_Is513AndCloses()
    {
        using var probe = new TcpProbe(_uas.Address);
        var odd = new OwnTorture(
            "MESSAGE sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 MESSAGE\nContent-Type: text/plain\n"
            + "Content-Length: 20971520\n\n", 513);

        probe.Send(odd.ToBytes("TCP", 5060));

        odd.AssertIs(Assert.Single(await probe.ReceiveFinalsAsync("none: up to the end of the stream", Patience)));
        await PlainOptions.AssertAnsweredAsync(_uas.Address);
    }

    private async Task OverTcpAsync(string name, Action<TcpProbe, byte[]> send)
    {
        var odd = OwnTorture.Cases[name];
        using var probe = new TcpProbe(_uas.Address);
        var (options, callId) = PlainOptions.New("TCP", 5060);

        send(probe, [.. odd.ToBytes("TCP", 5060), .. options]);

        var finals = await probe.ReceiveFinalsAsync(callId, Patience);
        var toOdd = finals.Where(response => response.CallId != callId).ToList();
        if (odd.Status == 0) Assert.Empty(toOdd);
        else odd.AssertIs(Assert.Single(toOdd));
        var toOptions = finals.SingleOrDefault(response => response.CallId == callId);
        Assert.Equal(odd.EndsStream, toOptions is null);
        await PlainOptions.AssertAnsweredAsync(_uas.Address);
    }
}
