using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

public sealed class SipParseOutcomesTests
{
    [Fact]
    public void Describe_EveryOutcome_HasALabelOfItsOwn()
    {
        var labels = Enum.GetValues<SipParseOutcome>().Select(o => SipParseOutcomes.Describe(o).Label).ToList();

        Assert.Equal(labels.Count, labels.Distinct(StringComparer.Ordinal).Count());
        Assert.All(labels, l => Assert.Matches("^[a-z_]+$", l));
    }

    [Fact]
    public void Describe_EveryOutcome_HasAClientErrorOrNone() =>
        Assert.All(
            Enum.GetValues<SipParseOutcome>().Select(SipParseOutcomes.Describe),
            r => Assert.True(r.IsDrop || r.Status is 400 or 414 or 505 or 513));

    [Theory]
    [InlineData(SipParseOutcome.BadVersion, 505)]
    [InlineData(SipParseOutcome.MessageTooLarge, 513)]
    [InlineData(SipParseOutcome.MissingCSeq, 400)]
    [InlineData(SipParseOutcome.BadStatusLine, 0)]
    public void Describe_Outcome_GivesTheStatus(SipParseOutcome outcome, int status) =>
        Assert.Equal(status, SipParseOutcomes.Describe(outcome).Status);
}
