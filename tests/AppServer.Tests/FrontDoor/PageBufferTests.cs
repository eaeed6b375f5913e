using AppServer.FrontDoor;
using Conference.Actors.Focus;
using Xunit;

namespace AppServer.Tests.FrontDoor;

/// <summary>A pooled page buffer goes back only when the conference itself has answered.</summary>
public class PageBufferTests
{
    [Theory]
    [InlineData(RefuseReason.StoreUnavailable, false)] // also what a wait in vain becomes
    [InlineData(RefuseReason.Draining, false)]
    [InlineData(RefuseReason.NoRight, true)]
    [InlineData(RefuseReason.DigestMismatch, true)]
    public void Outcome_Refused_IsKnownUnlessSomebodyElseMaySayIt(RefuseReason reason, bool isKnown) =>
        Assert.Equal(isKnown, MessageDesk.IsKnown(new CommandOutcome.Refused(reason)));

    [Fact]
    public void Outcome_Accepted_IsKnown() => Assert.True(MessageDesk.IsKnown(new CommandOutcome.Accepted(1)));
}
