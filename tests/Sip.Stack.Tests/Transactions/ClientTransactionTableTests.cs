using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transactions;

public class ClientTransactionTableTests
{
    [Fact]
    public async Task NonInvite_WithoutAnswer_IsResentElevenTimesAndTimesOut()
    {
        using var table = new TableHarness();
        var sending = table.Send();

        table.Advance(31.9);
        Assert.Equal(11, table.Wire.Count); // 0, 0.5, 1.5, 3.5, then each 4 s
        table.Advance(0.2);

        var result = await sending;
        Assert.Equal(SipClientFailure.Timeout, result.Failure);
        Assert.Equal(408, result.StatusCode);
        Assert.Equal(0, table.Table.ClientCount);
    }

    [Fact]
    public async Task NonInvite_Answered_AbsorbsResendsUntilTimerK()
    {
        using var table = new TableHarness();
        var provisional = new List<int>();
        var sending = table.Send(onProvisional: r => provisional.Add(r.StatusCode));

        table.ReceiveResponse(100);
        table.ReceiveResponse(202);
        table.ReceiveResponse(202);

        Assert.Equal(202, (await sending).Response!.StatusCode);
        Assert.Equal([100], provisional);
        Assert.Equal(1, table.Table.ClientCount);
        table.Advance(5.1);
        Assert.Equal(0, table.Table.ClientCount);
        Assert.Equal(1, table.Wire.Count);
    }

    [Fact]
    public void Response_OfOtherMethod_DoesNotMatch()
    {
        using var table = new TableHarness();
        var sending = table.Send();

        table.ReceiveResponse(200, "CANCEL");

        Assert.False(sending.IsCompleted);
    }

    [Fact]
    public async Task Request_NotSendable_FailsAtOnce()
    {
        using var table = new TableHarness();
        table.Wire.Outcome = SipSendOutcome.NoTransport;

        Assert.Equal(SipClientFailure.Transport, (await table.Send()).Failure);
        Assert.Equal(0, table.Table.ClientCount);
    }

    [Fact]
    public async Task Limit_Reached_IsRefusedWithoutSending()
    {
        using var table = new TableHarness(o => o with { ClientTransactionsMax = 0 });

        Assert.Equal(SipClientFailure.Refused, (await table.Send()).Failure);
        Assert.Equal(0, table.Wire.Count);
    }

    [Fact]
    public async Task Invite_Refused_IsAcknowledgedEachTime()
    {
        using var table = new TableHarness();
        var sending = table.Send("INVITE");

        table.ReceiveResponse(180, "INVITE");
        table.ReceiveResponse(486, "INVITE");
        table.ReceiveResponse(486, "INVITE");

        Assert.Equal(486, (await sending).Response!.StatusCode);
        Assert.Equal(
            ["INVITE sip:bob@192.0.2.1 SIP/2.0", "ACK sip:bob@192.0.2.1 SIP/2.0", "ACK sip:bob@192.0.2.1 SIP/2.0"],
            table.Wire.StartLines());
        var ack = table.Wire.Last.Text;
        Assert.Contains(
            "\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-client;rport\r\n", ack, StringComparison.Ordinal);
        Assert.Contains("\r\nRoute: <sip:proxy.example;lr>\r\n", ack, StringComparison.Ordinal);
        Assert.Contains("\r\nTo: <sip:bob@192.0.2.1>;tag=t1\r\n", ack, StringComparison.Ordinal);
        Assert.Contains("\r\nFrom: <sip:conf@192.0.2.9>;tag=f1\r\n", ack, StringComparison.Ordinal);
        Assert.Contains("\r\nCSeq: 1 ACK\r\n", ack, StringComparison.Ordinal);
        table.Advance(32.1);
        Assert.Equal(0, table.Table.ClientCount);
    }

    [Fact]
    public async Task Invite_Accepted_IsNotAcknowledgedHereAndEndsAfterTimerM()
    {
        using var table = new TableHarness();
        var sending = table.Send("INVITE");

        table.ReceiveResponse(200, "INVITE");
        table.ReceiveResponse(200, "INVITE");

        Assert.Equal(200, (await sending).Response!.StatusCode);
        Assert.Equal(1, table.Wire.Count);
        table.Advance(31.9);
        Assert.Equal(1, table.Table.ClientCount);
        table.Advance(0.2);
        Assert.Equal(0, table.Table.ClientCount);
    }

    [Fact]
    public async Task Request_OverReliableTransport_IsNotResent()
    {
        using var table = new TableHarness();
        var sending = table.Send(transport: SipTransportKind.Tcp);

        table.Advance(20);
        Assert.Equal(1, table.Wire.Count);
        table.ReceiveResponse(200, transport: SipTransportKind.Tcp);

        Assert.Equal(200, (await sending).Response!.StatusCode);
        Assert.Equal(0, table.Table.ClientCount);
    }

    [Fact]
    public async Task Dispose_WithWaitingRequest_EndsIt()
    {
        var table = new TableHarness();
        var sending = table.Send();

        table.Dispose();

        Assert.Equal(SipClientFailure.Cancelled, (await sending).Failure);
    }
}
