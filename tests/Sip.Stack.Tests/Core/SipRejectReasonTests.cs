using Sip.Stack.Core;

namespace Sip.Stack.Tests.Core;

public sealed class SipRejectReasonTests
{
    [Fact]
    public void Describe_OfEveryReason_HasStatusPhraseAndItsOwnLabel()
    {
        var all = Enum.GetValues<SipRejectReason>().Select(SipRejectReasons.Describe).ToList();

        Assert.All(all, one =>
        {
            Assert.InRange(one.Status, 400, 699);
            Assert.NotEmpty(one.Phrase);
            Assert.Matches("^[a-z0-9_]+$", one.Label);
        });
        Assert.Equal(all.Count, all.Select(one => one.Label).Distinct().Count());
    }
}
