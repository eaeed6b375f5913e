using Load.Compare;
using Load.Peers;
using Xunit;

namespace Load.Tests.Compare;

public sealed class SummaryTests
{
    [Fact]
    public void Saturated_OfBothServers_IsMediansAndTheirRatio()
    {
        var rows = Rows(
        [
            OfCpu(Contender.ThisServer, 1_000, 4), OfCpu(Contender.KamailioTuned, 1_000, 8),
            OfCpu(Contender.ThisServer, 1_000, 5), OfCpu(Contender.KamailioTuned, 1_000, 10),
            OfCpu(Contender.ThisServer, 1_000, 3), OfCpu(Contender.KamailioTuned, 1_000, 7),
        ]);

        Assert.Contains("| UDP, N = 1,000 | - | - | 4.00 (3.00-5.00) | 8.00 (7.00-10.00) | - | 0.50 |", rows);
    }

    [Fact]
    public void Saturated_WithoutTheOther_HasNoRatio()
    {
        var rows = Rows([Of(Contender.ThisServer, 10, (Figure.EventRate, 123_456))]);

        Assert.Contains("| UDP, N = 10 | - | - | 123,456 | - | - | - |", rows);
    }

    [Fact]
    public void Floor_MeasuredOnce_StandsBesideEveryNumberOfItsTransport()
    {
        var rows = Rows(
        [
            OfCpu(Contender.Floor, 1_000, 3.7), OfCpu(Contender.FloorSegments, 1_000, 2.6),
            OfCpu(Contender.Floor, 1_000, 0.2) with { IsTcp = true },
            OfCpu(Contender.ThisServer, 10, 5), OfCpu(Contender.ThisServer, 100, 4),
            OfCpu(Contender.ThisServer, 10, 1) with { IsTcp = true },
        ]);

        Assert.Contains("| UDP, N = 10 | 3.70 | 2.60 | 5.00 | - | - | - |", rows);
        Assert.Contains("| UDP, N = 100 | 3.70 | 2.60 | 4.00 | - | - | - |", rows);
        Assert.Contains("| TCP, N = 10 | 0.20 | - | 1.00 | - | - | - |", rows);
    }

    [Fact]
    public void AtARate_LatenciesHaveATableOfTheirOwn()
    {
        var rows = Rows(
        [
            Of(Contender.ThisServer, 1_000, (Figure.Last50, 5), (Figure.Last99, 12.5)) with { Rate = 20 },
            Of(Contender.KamailioTuned, 1_000, (Figure.Last50, 9), (Figure.Last99, 16)) with { Rate = 20 },
        ]);

        Assert.Contains("### 20,000 deliveries/s (20 messages/s to 1,000)", rows);
        Assert.Contains("| UDP, this server | 5.0 | 12.5 | - | - | - |", rows);
        Assert.Contains("| UDP, Kamailio tuned | 9.0 | 16.0 | - | - | - |", rows);
        Assert.DoesNotContain(rows, row => row.StartsWith("| UDP, N = 1,000 | ", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIsMissing_InAnyMeasurement_IsSaidAtTheEnd()
    {
        var rows = Rows(
        [
            Of(Contender.ThisServer, 10, (Figure.Missing, 0), (Figure.Twice, 1)),
            Of(Contender.KamailioTuned, 10, (Figure.Missing, 7), (Figure.Twice, 0)),
        ]);

        Assert.Contains("In 2 measurements together 7 deliveries were missing, 1 came twice.", rows);
    }

    [Fact]
    public void Measurement_WrittenAsALine_IsReadAgain()
    {
        var options = new LoadOptions { Peer = Peer.KamailioPackaged, IsTcp = true, Members = 10, Rate = 2.5 };
        var report = new Report([(Figure.CpuPerEvent, 20.25, "F2"), ("allocated", double.NaN, "F0")]);
        var line = Measurement.Of(options, report).ToLine();

        var read = Assert.Single(Measurement.Read(line.Split('\n')));

        Assert.Equal(
            (Contender.KamailioPackaged, true, 10, 2.5), (read.Contender, read.IsTcp, read.Members, read.Rate));
        Assert.Equal([KeyValuePair.Create(Figure.CpuPerEvent, 20.25)], read.Figures); // Not what is no number.
    }

    [Theory]
    [InlineData("fanout", false, "ThisServer")]
    [InlineData("floor", false, "Floor")]
    [InlineData("floor", true, "FloorSegments")]
    public void Contender_OfOptions_IsWhatTheyMean(string scenario, bool hasSegments, string contender) =>
        Assert.Equal(
            Enum.Parse<Contender>(contender),
            Contenders.Of(new LoadOptions { Scenario = scenario, HasSegments = hasSegments }));

    [Fact]
    public void Describe_EveryContender_HasAName() =>
        Assert.Distinct(Enum.GetValues<Contender>().Select(Contenders.Describe));

    private static Measurement OfCpu(Contender contender, int members, double microseconds) =>
        Of(contender, members, (Figure.CpuPerEvent, microseconds));

    private static Measurement Of(Contender contender, int members, params (string Name, double Value)[] figures) =>
        new(contender, IsTcp: false, members, Rate: 0, figures.ToDictionary(f => f.Name, f => f.Value));

    private static string[] Rows(IReadOnlyCollection<Measurement> measurements) =>
        new Summary(measurements).Render().Split('\n');
}
