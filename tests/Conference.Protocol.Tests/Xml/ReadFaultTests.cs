using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

public class ReadFaultTests
{
    public static TheoryData<ReadFaultReason> Reasons => [.. Enum.GetValues<ReadFaultReason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Describe_Every_HasAStatusALabelAndAText(ReadFaultReason reason)
    {
        var (status, label, text) = ReadFaults.Describe(reason);
        Assert.InRange(status, 400, 499);
        Assert.Matches("^body_[a-z0-9_]+$", label);
        Assert.Matches("^[A-Z][ -~]+$", text);
    }

    [Fact]
    public void Describe_All_HaveDifferentLabels()
    {
        var labels = Enum.GetValues<ReadFaultReason>().Select(reason => ReadFaults.Describe(reason).Label).ToList();
        Assert.Equal(labels.Count, labels.Distinct().Count());
    }
}
