using Sip.Stack.Transport;
using static Sip.Stack.Tests.Transport.TestMessages;

namespace Sip.Stack.Tests.Transactions;

public class ServerTransactionTableTests
{
    [Fact]
    public void Resend_BeforeAnswer_IsAbsorbedSilently()
    {
        using var table = new TableHarness();

        table.Receive(Request());
        table.Receive(Request());

        Assert.Single(table.Exchanges);
        Assert.Equal(0, table.Wire.Count);
    }

    [Fact]
    public void Resend_AfterAnswer_GetsTheSameBytesFor32Seconds()
    {
        using var table = new TableHarness();
        table.Receive(Request());
        table.Exchanges[0].Respond(202);
        var answer = table.Wire.Last;

        table.Advance(31.9);
        table.Receive(Request());

        Assert.Equal(2, table.Wire.Count);
        Assert.Equal(answer, table.Wire.Last);
        table.Advance(0.2);
        Assert.Equal(0, table.Table.ServerCount);
        table.Receive(Request());
        Assert.Equal(2, table.Exchanges.Count);
    }

    [Fact]
    public void Answer_OverReliableTransport_EndsTransactionAtOnce()
    {
        using var table = new TableHarness();
        table.Receive(Request(transport: "TCP"), SipTransportKind.Tcp);

        table.Exchanges[0].Respond(200);

        Assert.Equal(0, table.Table.ServerCount);
    }

    [Theory]
    [InlineData("z9hG4bK-1", "other.example", "MESSAGE")]
    [InlineData("z9hG4bK-1", "client.example:5061", "MESSAGE")]
    [InlineData("z9hG4bK-2", "client.example", "MESSAGE")]
    [InlineData("z9hG4bK-1", "client.example", "OPTIONS")]
    public void Match_OtherBranchSenderOrMethod_IsAnotherTransaction(string branch, string sentBy, string method)
    {
        using var table = new TableHarness();
        table.Receive(Request());

        table.Receive(Request(method, branch, sentBy: sentBy));

        Assert.Equal(2, table.Exchanges.Count);
    }

    [Theory]
    [InlineData("CLIENT.example")]
    [InlineData("client.example:5060")]
    public void Match_SentByWrittenOtherwise_IsTheSame(string sentBy)
    {
        using var table = new TableHarness();
        table.Receive(Request());

        table.Receive(Request(sentBy: sentBy));

        Assert.Single(table.Exchanges);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("z9hG4bK")]
    public void Match_WithoutCookie_ComparesTheRequest(string branch)
    {
        using var table = new TableHarness();
        table.Receive(Request(branch: branch));

        table.Receive(Request(branch: branch));
        Assert.Single(table.Exchanges);
        table.Receive(Request(branch: branch, cseq: 2));
        table.Receive(Request(branch: branch, callId: "another"));
        table.Receive(Request(branch: branch, toTag: "x"));

        Assert.Equal(4, table.Exchanges.Count);
    }

    [Fact]
    public void Merged_SameRequestOtherBranch_IsToldToTheUser()
    {
        using var table = new TableHarness();
        table.Receive(Request(branch: "z9hG4bK-1"));
        table.Receive(Request(branch: "z9hG4bK-2"));
        table.Receive(Request(branch: "z9hG4bK-3", cseq: 2));

        Assert.Equal([false, true, false], table.Exchanges.Select(e => e.IsMerged));
    }

    [Fact]
    public void NonInvite_LongUnanswered_Gets100AtTheTimeOfRfc4320()
    {
        using var table = new TableHarness();
        table.Receive(Request());
        table.Exchanges[0].Respond(100);
        table.Exchanges[0].Respond(183);

        table.Advance(3.4);
        Assert.Equal(0, table.Wire.Count);
        table.Advance(0.2);

        Assert.Equal(["SIP/2.0 100 Trying"], table.Wire.StartLines());
        Assert.DoesNotContain("To: <sip:conf@127.0.0.1>;tag", table.Wire.Last.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void NonInvite_AnsweredAfterClientGaveUp_SendsNothing()
    {
        using var table = new TableHarness();
        table.Receive(Request());

        table.Advance(32.1);
        table.Exchanges[0].Respond(200);

        Assert.Equal(["SIP/2.0 100 Trying"], table.Wire.StartLines());
        Assert.Equal(0, table.Table.ServerCount);
        Assert.Equal(0, table.Table.Servers.Unanswered);
    }

    [Fact]
    public void NonInvite_Respond408_SendsNothing()
    {
        using var table = new TableHarness();
        table.Receive(Request());

        table.Exchanges[0].Respond(408);

        Assert.Equal(0, table.Wire.Count);
    }

    [Fact]
    public void Respond_Twice_OnlyTheFirstCounts()
    {
        using var table = new TableHarness();
        table.Receive(Request());

        table.Exchanges[0].Respond(202);
        table.Exchanges[0].Respond(403);

        Assert.Equal(["SIP/2.0 202 Accepted"], table.Wire.StartLines());
        Assert.True(table.Exchanges[0].IsAnswered);
    }

    [Fact]
    public void Limit_Reached_Gets503AndNoTransaction()
    {
        using var table = new TableHarness(o => o with
        {
            ServerTransactionsMax = 10_000, RetryAfter = new(TimeSpan.FromSeconds(7), TimeSpan.Zero),
        });
        table.Handle = exchange =>
        {
            exchange.Respond(202);
            return default;
        };
        for (var i = 0; i < 10_000; i++) table.Receive(Request(branch: $"z9hG4bK-{i}", callId: $"c{i}"));
        Assert.Equal(10_000, table.Table.ServerCount);
        Assert.Equal(10_000, table.Wire.Count);

        table.Receive(Request(branch: "z9hG4bK-more", callId: "more"));
        var refusal = table.Wire.Last.Text;
        table.Receive(Request(branch: "z9hG4bK-more", callId: "more"));

        Assert.StartsWith("SIP/2.0 503", refusal, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 7\r\n", refusal, StringComparison.Ordinal);
        Assert.Equal(refusal, table.Wire.Last.Text);
        Assert.Equal(10_000, table.Exchanges.Count);
        table.Advance(32.1);
        Assert.Equal(0, table.Table.ServerCount);
        table.Receive(Request(branch: "z9hG4bK-more", callId: "more"));
        Assert.Equal(10_001, table.Exchanges.Count);
    }

    [Theory]
    [InlineData("MESSAGE", 401)]
    [InlineData("REGISTER", 403)]
    [InlineData("OPTIONS", 200)]
    public void Table_FullOfAnswersThatChangedNothing_TakesANewRequestForTheOldestOfThem(string method, int status)
    {
        using var table = new TableHarness(o => o with { ServerTransactionsMax = 4 });
        Answer(table, "kept", "MESSAGE", 202);
        Answer(table, "unknown", "MESSAGE", 503);
        Answer(table, "old", method, status);
        Answer(table, "young", method, status);
        var evicted = SipMetrics.TransactionsEvicted.Value;

        Answer(table, "new", "MESSAGE", 202);

        Assert.Equal((4, 5), (table.Table.ServerCount, table.Exchanges.Count));
        Assert.Equal(evicted + 1, SipMetrics.TransactionsEvicted.Value);
        foreach (var (branch, of) in new[] { ("kept", "MESSAGE"), ("unknown", "MESSAGE"), ("young", method) })
            table.Receive(Request(of, $"z9hG4bK-{branch}", callId: branch));
        Assert.Equal(5, table.Exchanges.Count);
        Answer(table, "old", method, status); // Decided anew; now the young one has gone.
        Assert.Equal((4, 6), (table.Table.ServerCount, table.Exchanges.Count));
        Answer(table, "last", "MESSAGE", 202);
        table.Receive(Request(branch: "z9hG4bK-more", callId: "more"));
        Assert.StartsWith("SIP/2.0 503", table.Wire.Last.Text, StringComparison.Ordinal);
        Assert.Equal(7, table.Exchanges.Count);
    }

    [Fact]
    public void Answers_ThatChangedNothing_AreForgottenWithTheirTransactions()
    {
        using var table = new TableHarness();
        for (var i = 0; i < 10; i++) Answer(table, $"b{i}", "MESSAGE", 401);
        Assert.Equal(10, table.Table.Servers.Spare.Count);

        table.Advance(32.2);

        Assert.Equal((0, 0), (table.Table.ServerCount, table.Table.Servers.Spare.Count));
    }

    [Fact]
    public void Refusals_ThatTheTableDoesNotKeepOrOfAnInvite_MakeNoRoom()
    {
        using var table = new TableHarness();
        Answer(table, "invite", "INVITE", 486);
        table.Receive(Request(branch: "z9hG4bK-tcp", callId: "tcp", transport: "TCP"), SipTransportKind.Tcp);
        table.Exchanges[^1].Respond(401);

        Assert.Equal(0, table.Table.Servers.Spare.Count);
    }

    [Fact]
    public void Answer_NotSendable_EndsTransaction()
    {
        using var table = new TableHarness();
        table.Receive(Request());
        table.Wire.Outcome = SipSendOutcome.Failed;

        table.Exchanges[0].Respond(200);

        Assert.Equal(0, table.Table.ServerCount);
    }

    [Theory]
    [InlineData("224.0.1.75", "224.0.1.75:5099")]
    [InlineData("239.255.255.1", "239.255.255.1:5099")]
    [InlineData("192.0.2.1", "192.0.2.1:5099")] // The source itself.
    [InlineData("192.0.2.77", "192.0.2.1:5060")] // Somebody else: the answer goes to the source, as rport says.
    [InlineData("240.0.0.1", "192.0.2.1:5060")]
    [InlineData("other.example", "192.0.2.1:5060")]
    public void Maddr_OfAGroupOrTheSource_GetsTheAnswer_NobodyElseDoes(string maddr, string expected)
    {
        using var table = new TableHarness();
        table.Receive(Request(viaParameters: $";maddr={maddr};rport", sentBy: "client.example:5099"));

        table.Exchanges[0].Respond(200);

        Assert.Equal(expected, table.Wire.Last.To.Address.ToString());
    }

    private static void Answer(TableHarness table, string branch, string method, int status)
    {
        table.Receive(Request(method, $"z9hG4bK-{branch}", callId: branch));
        table.Exchanges[^1].Respond(status);
    }
}
