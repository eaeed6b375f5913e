using Sip.Stack.Messages;
using static Sip.Stack.Tests.Transport.TestMessages;

namespace Sip.Stack.Tests.Transactions;

/// <summary>Requests that are refused before they have a transaction.</summary>
public sealed class AdmissionTests
{
    private static readonly StatelessRefusal Refusal = new(
        503, "Too Much", "test", new RetryAfterRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60)));

    [Fact]
    public void Request_Refused_CostsNoTransactionAndIsNotHandled()
    {
        using var table = new TableHarness { Admit = _ => Refusal };

        table.Receive(Request());

        Assert.StartsWith("SIP/2.0 503 Too Much\r\n", table.Wire.Last.Text, StringComparison.Ordinal);
        Assert.Matches("\r\nTo: <[^>]+>;tag=[^\r]+\r\n", table.Wire.Last.Text);
        Assert.Matches("\r\nRetry-After: [0-9]+\r\n", table.Wire.Last.Text);
        Assert.Equal(0, table.Table.ServerCount);
        Assert.Empty(table.Exchanges);
    }

    [Fact]
    public void Resend_OfARefusedRequest_GetsTheSameBytes()
    {
        using var table = new TableHarness { Admit = _ => Refusal };

        table.Receive(Request());
        var first = table.Wire.Last;
        table.Receive(Request(branch: "z9hG4bK-other", callId: "other"));
        table.Receive(Request());

        Assert.Equal(first, table.Wire.Last);
        Assert.Equal(3, table.Wire.Count);
    }

    [Fact]
    public void Resend_OfAnAdmittedRequest_IsAbsorbedWhateverIsAdmittedNow()
    {
        using var table = new TableHarness();
        table.Receive(Request());
        table.Admit = _ => Refusal;

        table.Receive(Request());
        Assert.Equal(0, table.Wire.Count);
        table.Exchanges[0].Respond(202);
        table.Receive(Request());

        Assert.Equal(["SIP/2.0 202 Accepted", "SIP/2.0 202 Accepted"], table.Wire.StartLines());
    }

    [Fact]
    public void Resend_OfARefusedRequest_IsTakenWhenThereIsRoomAgain()
    {
        using var table = new TableHarness { Admit = _ => Refusal };
        table.Receive(Request());
        table.Admit = _ => null;

        table.Receive(Request());

        Assert.Single(table.Exchanges);
    }

    [Fact]
    public void AckAndCancel_AreNotAskedFor()
    {
        using var table = new TableHarness();
        table.Receive(Request("INVITE"));
        table.Admit = _ => Refusal;

        table.Receive(Request("CANCEL"));
        table.Receive(Request("ACK"));

        Assert.Equal(["SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated"], table.Wire.StartLines());
    }

    [Fact]
    public void Request_WithAToTag_KeepsItInTheRefusal()
    {
        using var table = new TableHarness { Admit = _ => Refusal with { RetryAfter = null } };

        table.Receive(Request().Replace(">\r\nCall-ID", ">;tag=mine\r\nCall-ID", StringComparison.Ordinal));

        Assert.Contains(";tag=mine\r\n", table.Wire.Last.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Retry-After", table.Wire.Last.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Admit_IsToldTheRequest()
    {
        SipRequest? seen = null;
        using var table = new TableHarness();
        table.Admit = request =>
        {
            seen = request;
            return null;
        };

        table.Receive(Request("OPTIONS"));

        Assert.Equal("OPTIONS", seen!.MethodName);
        Assert.Same(seen, table.Exchanges[0].Request);
    }
}
