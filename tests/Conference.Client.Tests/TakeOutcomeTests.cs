using Sip.Stack.Messages;
using Xunit;

namespace Conference.Client.Tests;

public class TakeOutcomeTests
{
    [Fact]
    public void Describe_Every_HasAFinalStatusAndOnlyTakenIsA200()
    {
        foreach (var outcome in Enum.GetValues<TakeOutcome>())
        {
            var (status, reason) = TakeOutcomes.Describe(outcome);
            Assert.Equal(outcome == TakeOutcome.Taken, status == 200);
            Assert.InRange(status, 200, 499);
            Assert.NotEmpty(reason ?? SipReasonPhrases.For(status));
        }
    }
}
