using AppServer.Configuration;
using AppServer.FrontDoor.Admission;
using Xunit;

namespace AppServer.Tests.FrontDoor.Admission;

public sealed class AdmissionWindowTests
{
    private static readonly AdmissionOptions Options = new();
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Load_BelowCapacity_RefusesNobody()
    {
        var server = new SimulatedServer(Options);
        Assert.Equal(0, server.Run(0.95 * server.Capacity, 10 * Second).Refused);
        Assert.False(server.IsReduced);
    }

    [Fact]
    public void Size_OfAsManyAsThereAreNumbers_StaysThat()
    {
        var window = new AdmissionWindow(Options, int.MaxValue);
        for (var i = 1; i <= 1_000; i++) // 50 calm intervals
        {
            window.NoteDecided(
                i * 2.5 * TimeSpan.FromMilliseconds(1), TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 1, 0);
        }

        Assert.Equal(int.MaxValue, window.Size);
    }

    [Fact]
    public void Describe_WhenNothingWasDecidedForLong_IsOpenAndWithoutWait()
    {
        var server = new SimulatedServer(Options);
        server.Run(10 * server.Capacity, 5 * Second);
        Assert.True(server.IsReduced);
        var (size, wait) = server.Window.Describe(TimeSpan.FromHours(1));
        Assert.True(size > server.Window.Size);
        Assert.Equal(TimeSpan.Zero, wait);
    }

    [Theory]
    [InlineData(1_000, 2)]
    [InlineData(1_000, 4)]
    [InlineData(1_000, 10)]
    [InlineData(4_000, 1.2)]
    [InlineData(4_000, 2)]
    [InlineData(4_000, 10)]
    [InlineData(20_000, 4)]
    [InlineData(20_000, 10)]
    public void Load_AboveCapacity_KeepsItBusyAndTheWaitNearTheMost(double capacity, double factor)
    {
        var server = new SimulatedServer(Options) { Capacity = capacity };
        server.Run(0.5 * capacity, Second);
        server.Run(factor * capacity, 2 * Second); // until it has settled

        var result = server.Run(factor * capacity, 10 * Second);

        Assert.InRange(result.DecidedPerSecond, 0.98 * capacity, 1.01 * capacity);
        Assert.InRange(result.Wait99, 0.5 * Options.WaitMax, 1.2 * Options.WaitMax);
        Assert.InRange(result.SizeMax, result.SizeMin, 1.25 * result.SizeMin); // it does not swing
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public void Load_SuddenlyAboveCapacity_IsCaughtWithinSomeIntervals(double factor)
    {
        var server = new SimulatedServer(Options);
        server.Run(0.5 * server.Capacity, Second);

        // What comes in until then is decided before anybody gives up.
        Assert.InRange(server.Run(factor * server.Capacity, Second).Wait99, TimeSpan.Zero, Second);
        Assert.InRange(
            server.Run(factor * server.Capacity, Second).Wait99, TimeSpan.Zero, 1.5 * Options.WaitMax);
    }

    [Fact]
    public void Overload_WhenItEnds_RefusesNobodyAfterASecond()
    {
        var server = new SimulatedServer(Options);
        server.Run(10 * server.Capacity, 5 * Second);

        server.Run(0.9 * server.Capacity, Second);

        Assert.Equal(0, server.Run(0.9 * server.Capacity, 4 * Second).Refused);
        Assert.Equal(SimulatedServer.RequestsMax, server.Window.Size);
    }

    [Fact]
    public void Server_ThatStandsStillForAMoment_RefusesFew()
    {
        var server = new SimulatedServer(Options);
        server.Run(0.5 * server.Capacity, Second);
        server.Capacity = 0;
        server.Run(2_000, 0.2 * Second); // a pause of the collector

        server.Capacity = 4_000;
        var result = server.Run(2_000, Second);

        Assert.InRange(result.Refused, 0, result.Offered / 10);
        Assert.Equal(0, server.Run(2_000, Second).Refused);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(250)]
    [InlineData(500)]
    public void Store_ThatIsSlow_RefusesNobody(int milliseconds)
    {
        var server = new SimulatedServer(Options) { AppendTime = TimeSpan.FromMilliseconds(milliseconds) };
        var result = server.Run(0.9 * server.Capacity, 10 * Second);
        Assert.Equal((0, SimulatedServer.RequestsMax), (result.Refused, result.SizeMin));
    }

    [Theory]
    [InlineData(5, 14, SimulatedServer.RequestsMax)]
    [InlineData(5, 800, 800)]
    [InlineData(400, 790, SimulatedServer.RequestsMax)] // a slow disk, and the append before
    public void Store_ThatTakesMuchLongerThanItsQuickestAppend_IsAskedForTooMuch(
        int quickest, int typical, int sizeMax)
    {
        var window = new AdmissionWindow(Options, SimulatedServer.RequestsMax);
        for (var i = 0; i < 4_000; i++)
        {
            var storeTime = TimeSpan.FromMilliseconds(i % 10 == 0 ? quickest : typical);
            window.NoteDecided(
                TimeSpan.FromMilliseconds(i), storeTime + TimeSpan.FromMilliseconds(1), TimeSpan.Zero, storeTime,
                underWay: typical, withStore: typical);
        }

        Assert.InRange(window.Size, 0, sizeMax);
        Assert.Equal(sizeMax == SimulatedServer.RequestsMax, window.Size == SimulatedServer.RequestsMax);
    }

    [Theory]
    [InlineData(250)]
    [InlineData(500)]
    public void Load_AboveCapacity_WhileTheStoreIsSlow_KeepsItBusyAndTheQueueNearTheMost(int milliseconds)
    {
        var server = new SimulatedServer(Options)
        {
            Capacity = 2_000, AppendTime = TimeSpan.FromMilliseconds(milliseconds),
        };
        server.Run(0.5 * server.Capacity, 2 * Second);
        server.Run(2 * server.Capacity, 5 * Second); // until it has settled

        var result = server.Run(2 * server.Capacity, 10 * Second);

        // What comes behind a store of a second is steered with less accuracy.
        Assert.InRange(result.DecidedPerSecond, 0.85 * server.Capacity, 1.02 * server.Capacity);
        Assert.InRange(result.Wait99, 0.3 * Options.WaitMax, 2 * Options.WaitMax);

        server.Run(0.5 * server.Capacity, 3 * Second); // and it opens again
        Assert.Equal(0, server.Run(0.5 * server.Capacity, 3 * Second).Refused);
    }

    [Fact]
    public void Requests_ThatComeTogether_AreRefusedWithoutRegardToTheirOrder()
    {
        var server = new SimulatedServer(Options);
        server.Run(10 * server.Capacity, Second);

        var result = server.Run(10 * server.Capacity, 10 * Second);

        // 20 come first and 20 last in each millisecond. Without chance the first 4 would have all places.
        var (first, last) = ((result.Offered / 2) - result.RefusedFirst, (result.Offered / 2) - result.RefusedLast);
        Assert.InRange(last, 0.8 * first, 1.25 * first);
    }

    [Fact]
    public void FewRequests_ThatWaitLong_DoNotSpeakForTheServer()
    {
        var window = new AdmissionWindow(Options, 1_000);
        for (var i = 1; i <= 100; i++)
            window.NoteDecided(0.1 * i * Second, 10 * Options.WaitMax, TimeSpan.Zero, TimeSpan.Zero, 5, 0);
        Assert.Equal(1_000, window.Size);
    }

    [Fact]
    public void HalfOfTheRequests_ThatWaitLong_DoNotSpeakForTheServer()
    {
        var window = new AdmissionWindow(Options, 1_000); // one conference waits, all others do not
        Note(window, 1_000, i => i % 2 == 0 ? Options.WaitMax * 5 : Options.WaitMax / 10, underWay: 50);
        Assert.Equal(1_000, window.Size);
    }

    [Fact]
    public void WaitInTheKernel_ThatClosingDoesNotCure_LeavesAQuarterOfThePlaces()
    {
        var window = new AdmissionWindow(Options, 1_000);
        for (var i = 1; i <= 20_000; i++)
            window.NoteDecided(i * Second / 5_000, 3 * Options.WaitMax, 3 * Options.WaitMax, TimeSpan.Zero, 1_000, 0);
        Assert.InRange(window.Size, 5_000 * 0.1 / 4 * 0.95, 5_000 * 0.1 / 4 * 1.05);
    }

    [Fact]
    public void TurnsOfTheFanout_ThatComeLate_CloseItToo()
    {
        var window = new AdmissionWindow(Options, 1_000);
        for (var i = 1; i <= 5_000; i++)
        {
            window.NoteTurn(i * Second / 1_000, 2 * Options.WaitMax);
            window.NoteDecided(i * Second / 1_000, Options.WaitMax / 10, TimeSpan.Zero, TimeSpan.Zero, 1_000, 0);
        }

        Assert.Equal(Options.RequestsMin, window.Size);
    }

    [Fact]
    public void Size_UnderAnyWait_IsAtLeastRequestsMin()
    {
        var window = new AdmissionWindow(Options, 1_000);
        for (var i = 1; i <= 400; i++)
            window.NoteDecided(i * Second / 40, 100 * Options.WaitMax, TimeSpan.Zero, TimeSpan.Zero, 1_000, 0);
        Assert.Equal(Options.RequestsMin, window.Size);
    }

    [Fact]
    public void Window_WhenNothingWasAskedForAWhile_IsOpen()
    {
        var window = new AdmissionWindow(Options, 1_000);
        Note(window, 1_000, _ => 5 * Options.WaitMax, underWay: 1_000);
        Assert.True(window.IsReduced(_now));
        _now += 6 * Second;
        Assert.False(window.IsReduced(_now));
        Note(window, 1, _ => TimeSpan.Zero, underWay: 1);
        Assert.Equal(1_000, window.Size);
    }

    [Fact]
    public void Size_BetweenCalmAndTooLong_Stays()
    {
        var window = new AdmissionWindow(Options, 1_000);
        Note(window, 2_000, _ => 2 * Options.WaitMax, underWay: 1_000);
        var size = window.Size;
        Assert.True(window.IsReduced(_now));
        Note(window, 2_000, _ => 0.9 * Options.WaitMax, underWay: 50);
        Assert.Equal(size, window.Size);
        Note(window, 2_000, _ => 0.5 * Options.WaitMax, underWay: 50);
        Assert.Equal(1_000, window.Size);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1)]
    [InlineData(0.75, 0.5)]
    [InlineData(1, 0)]
    [InlineData(7, 0)]
    public void Chance_FallsFromHalfOfThePlacesOn(double taken, double chance) =>
        Assert.Equal(chance, AdmissionWindow.Chance(taken));

    private TimeSpan _now;

    // One decided in each millisecond.
    private void Note(AdmissionWindow window, int count, Func<int, TimeSpan> wait, int underWay)
    {
        for (var i = 0; i < count; i++)
        {
            _now += TimeSpan.FromMilliseconds(1);
            window.NoteDecided(_now, wait(i), TimeSpan.Zero, TimeSpan.Zero, underWay, 0);
        }
    }
}
