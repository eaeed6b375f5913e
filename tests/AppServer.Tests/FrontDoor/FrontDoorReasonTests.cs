using AppServer.Downloads;
using AppServer.FrontDoor;
using Conference.Actors.Focus;
using Conference.Protocol.Xml;
using Sip.Stack.Authentication;
using Sip.Stack.Core;
using Sip.Stack.Registration;
using Xunit;

namespace AppServer.Tests.FrontDoor;

/// <summary>Every reason of every closed enum has a status, a text and a label of its own.</summary>
public sealed class FrontDoorReasonTests
{
    [Fact]
    public void EveryReason_HasStatusTextAndLabel()
    {
        var refusals = Enum.GetValues<FrontDoorReason>().Select(reason => Refusal.Of(reason))
            .Concat(Enum.GetValues<RefuseReason>().Select(r => Refusal.Of(new CommandOutcome.Refused(r))))
            .Concat(Enum.GetValues<ReadFaultReason>().Select(r => Refusal.Of(new ReadFault(r, 0, 0, "x"))))
            .Concat(Enum.GetValues<DigestOutcome>().Where(o => o != DigestOutcome.Accepted)
                .Select(outcome => Refusal.Of(outcome, [])))
            .Concat(Enum.GetValues<RegisterOutcome>().Where(o => !o.IsSuccess()).Select(Refusal.Of))
            .Concat(Enum.GetValues<SipRejectReason>().Select(Refusal.Of))
            .ToArray();
        Assert.All(refusals, refusal =>
        {
            Assert.InRange(refusal.Status, 400, 699);
            Assert.Matches("^[a-z][a-z0-9_]+$", refusal.Label);
            Assert.Equal(RefusalWriter.Clean(refusal.Text), refusal.Text);
        });
    }

    [Fact]
    public void EveryDownloadOutcome_HasStatusAndLabel() =>
        Assert.All(Enum.GetValues<DownloadOutcome>(), outcome =>
            Assert.Matches("^[a-z_]+$", DownloadOutcomes.Describe(outcome).Label));
}
