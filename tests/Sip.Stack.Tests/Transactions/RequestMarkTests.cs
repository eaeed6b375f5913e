using Sip.Stack.Messages;
using Sip.Stack.Tests.Transport;
using Sip.Stack.Transactions;

namespace Sip.Stack.Tests.Transactions;

public sealed class RequestMarkTests
{
    [Fact]
    public void Of_CopiesOfOneRequest_IsTheSame() =>
        Assert.Equal(Of(TestMessages.Request()), Of(TestMessages.Request()));

    [Fact]
    public void Of_RequestThatDiffersInBranchOrCallIdOrNumber_Differs()
    {
        var first = TestMessages.Request();
        var others = new[]
        {
            TestMessages.Request(branch: "z9hG4bK-another"), TestMessages.Request(callId: "another"),
            first.Replace("CSeq: 1 ", "CSeq: 2 ", StringComparison.Ordinal),
        };
        Assert.All(others, other => Assert.NotEqual(Of(first), Of(other)));
    }

    [Fact]
    public void ToTag_OfCancel_IsThatOfWhatItCancels() => // 9.2
        Assert.Equal(Of(TestMessages.Request("INVITE")).ToTag(), Of(TestMessages.Request("CANCEL")).ToTag());

    [Fact]
    public void ChanceAndJitter_OverManyRequests_AreEvenAndIndependent()
    {
        var quarters = new int[4, 4];
        for (var i = 0; i < 8_000; i++)
        {
            var mark = Of(TestMessages.Request(branch: $"z9hG4bK-{i}"));
            quarters[(int)(mark.Chance * 4), (int)(mark.Jitter * 4)]++;
        }

        // 500 expected in each; the key is another one in each run, so the bounds are seven deviations wide.
        foreach (var count in quarters) Assert.InRange(count, 350, 650);
    }

    [Fact]
    public void SecondsFor_AnyRequest_LieBetweenLeastAndLeastWithJitter()
    {
        var range = new RetryAfterRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        var seconds = Enumerable.Range(0, 500)
            .Select(i => range.SecondsFor(Of(TestMessages.Request(branch: $"z9hG4bK-{i}")))).ToHashSet();
        Assert.Equal(Enumerable.Range(5, 6), seconds.Order());
        Assert.Equal(1, new RetryAfterRange(TimeSpan.Zero, TimeSpan.Zero).SecondsFor(default));
    }

    private static RequestMark Of(string message)
    {
        SipMessageReader.TryRead(TestMessages.Bytes(message), SipParseLimits.Default, out var read);
        return RequestMark.Of((SipRequest)read!);
    }
}
