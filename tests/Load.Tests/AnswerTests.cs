using System.Text;
using Xunit;

namespace Load.Tests;

public sealed class AnswerTests
{
    [Theory]
    [InlineData("pb1;seq=17;", new[] { 17 })]
    [InlineData("[sip:chair@conf.example]: pb1;seq=0;xxxx", new[] { 0 })]
    [InlineData("pb1;seq=00000017;xx", new[] { 17 })]
    [InlineData("<a t=\"pb1;seq=3;xx\"/><a t=\"pb1;seq=12;\"/>", new[] { 3, 12 })]
    [InlineData("pb1;seq=;", new int[0])]
    [InlineData("seq=5;", new int[0])]
    public void Marks_InABody_AreFound(string body, int[] numbers)
    {
        ReadOnlySpan<byte> rest = Encoding.ASCII.GetBytes(body);
        var found = new List<int>();
        while (Answer.TryNextMark(ref rest, out var number)) found.Add(number);

        Assert.Equal(numbers, found);
    }

    [Theory]
    [InlineData("branch=z9hG4bK1;rport\r\n", "branch=z9hG4bK1\r\n", true)]
    [InlineData("branch=z9hG4bK1;i=1\r\n", "branch=z9hG4bK1;i=2\r\n", true)]
    [InlineData("branch=z9hG4bK1\r\n", "branch=z9hG4bK12\r\n", false)]
    [InlineData("branch=z9hG4bK1\r\n", "branch=z9hG4bK2\r\n", false)]
    public void Branch_OfTwoRequests_IsEqualWhereTheirBranchIs(string one, string other, bool isEqual) =>
        Assert.Equal(isEqual, BranchOf(one) == BranchOf(other));

    private static int BranchOf(string parameter) => Answer.Branch(Encoding.ASCII.GetBytes(
        $"MESSAGE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;{parameter}\r\n"));
}
