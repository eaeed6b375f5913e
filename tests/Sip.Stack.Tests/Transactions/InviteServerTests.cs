using System.Text.RegularExpressions;
using static Sip.Stack.Tests.Transport.TestMessages;

namespace Sip.Stack.Tests.Transactions;

public partial class InviteServerTests
{
    [Fact]
    public void Invite_Unanswered_Gets100After200Milliseconds()
    {
        using var table = new TableHarness();
        table.Receive(Request("INVITE"));

        table.Advance(0.1);
        Assert.Equal(0, table.Wire.Count);
        table.Advance(0.1);
        table.Receive(Request("INVITE"));

        Assert.Equal(["SIP/2.0 100 Trying", "SIP/2.0 100 Trying"], table.Wire.StartLines());
    }

    [Fact]
    public void Refusal_WithoutAck_IsResentUntilTimerH()
    {
        using var table = new TableHarness();
        table.Receive(Request("INVITE"));
        table.Exchanges[0].Respond(486);

        table.Advance(7.6); // 0.5, 1.5, 3.5, 7.5
        Assert.Equal(5, table.Wire.Count);
        table.Advance(25);

        Assert.Equal(11, table.Wire.Count); // each 4 s up to 31.5
        Assert.Equal(0, table.Table.ServerCount);
    }

    [Fact]
    public void Refusal_Acknowledged_IsAbsorbedAndEndsAfterT4()
    {
        using var table = new TableHarness();
        table.Receive(Request("INVITE"));
        table.Exchanges[0].Respond(486);

        table.Receive(Request("ACK", toTag: table.Exchanges[0].LocalTag));
        table.Receive(Request("ACK", toTag: table.Exchanges[0].LocalTag));
        table.Receive(Request("INVITE"));
        table.Advance(4.9);

        Assert.Equal(1, table.Wire.Count);
        Assert.Empty(table.Acks);
        Assert.Equal(1, table.Table.ServerCount);
        table.Advance(0.2);
        Assert.Equal(0, table.Table.ServerCount);
    }

    [Fact]
    public void Success_Acknowledged_PassesAckUp()
    {
        using var table = new TableHarness();
        table.Receive(Request("INVITE"));
        table.Exchanges[0].Respond(200);

        table.Receive(Request("ACK", branch: "z9hG4bK-ack", toTag: "t"));
        table.Receive(Request("INVITE"));
        table.Exchanges[0].Respond(200); // resent by the user

        Assert.Single(table.Acks);
        Assert.Equal(2, table.Wire.Count);
        table.Advance(32.1);
        Assert.Equal(0, table.Table.ServerCount);
    }

    [Fact]
    public void Cancel_OfPendingInvite_Gets200AndInvite487()
    {
        using var table = new TableHarness();
        table.Receive(Request("INVITE"));
        var cancelled = table.Exchanges[0].Cancelled;

        table.Receive(Request("CANCEL"));
        table.Receive(Request("CANCEL"));
        table.Exchanges[0].Respond(200);

        Assert.Equal(
            ["SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated", "SIP/2.0 200 OK"], table.Wire.StartLines());
        Assert.Single(table.Exchanges);
        Assert.True(SpinWait.SpinUntil(() => cancelled.IsCancellationRequested, TimeSpan.FromMinutes(1)));
        Assert.Contains($"tag={table.Exchanges[0].LocalTag}", table.Wire.Last.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancel_OfAnsweredInvite_Gets200Only()
    {
        using var table = new TableHarness();
        table.Receive(Request("INVITE"));
        table.Exchanges[0].Respond(486);

        table.Receive(Request("CANCEL"));

        Assert.Equal(["SIP/2.0 486 Busy Here", "SIP/2.0 200 OK"], table.Wire.StartLines());
    }

    [Fact]
    public void Cancel_OfOtherMethod_Gets200WithoutEffect()
    {
        using var table = new TableHarness();
        table.Receive(Request("MESSAGE"));

        table.Receive(Request("CANCEL"));
        table.Exchanges[0].Respond(202);

        Assert.Equal(["SIP/2.0 200 OK", "SIP/2.0 202 Accepted"], table.Wire.StartLines());
    }

    [Fact]
    public void Cancel_OfNothing_Gets481()
    {
        using var table = new TableHarness();

        table.Receive(Request("CANCEL"));
        var first = table.Wire.Last;
        table.Receive(Request("CANCEL"));

        Assert.StartsWith("SIP/2.0 481", first.Text, StringComparison.Ordinal);
        Assert.Equal(first, table.Wire.Last);
        Assert.Equal(2, table.Wire.Count);
        Assert.Empty(table.Exchanges);
        Assert.Equal(0, table.Table.ServerCount); // Anybody may send as many as he likes.
    }

    [Fact]
    public void LegacyInvite_AckWithToTagOfResponse_IsMatched()
    {
        using var table = new TableHarness();
        table.Receive(Request("INVITE", branch: ""));
        table.Exchanges[0].Respond(486);
        var tag = ToTag().Match(table.Wire.Last.Text).Groups[1].Value;

        table.Receive(Request("ACK", branch: "", toTag: "wrong"));
        Assert.Single(table.Acks);
        table.Receive(Request("ACK", branch: "", toTag: tag));
        table.Advance(5.1);

        Assert.Single(table.Acks);
        Assert.Equal(0, table.Table.ServerCount);
    }

    [Fact]
    public void Invite_NeverAnswered_Gets500()
    {
        using var table = new TableHarness(o => o with { InviteAnswerTimeout = TimeSpan.FromSeconds(60) });
        table.Receive(Request("INVITE"));

        table.Advance(60.1);

        Assert.StartsWith("SIP/2.0 500", table.Wire.Last.Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("To: .*;tag=([^\r;]+)")]
    private static partial Regex ToTag();
}
