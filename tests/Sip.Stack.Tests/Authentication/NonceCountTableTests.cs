using Sip.Stack.Authentication;

namespace Sip.Stack.Tests.Authentication;

public sealed class NonceCountTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static NonceStamp Issued(int secondsAfterNow, ulong salt = 0) =>
        new(Now.AddSeconds(secondsAfterNow).ToUnixTimeMilliseconds(), salt);

    [Fact]
    public void Use_OfTheSameCountTwice_IsReplayed()
    {
        var table = new NonceCountTable(new DigestOptions());

        Assert.Equal(NonceUse.Fresh, table.Use(Issued(0), 1, Now));
        Assert.Equal(NonceUse.Replayed, table.Use(Issued(0), 1, Now));
        Assert.Equal(NonceUse.Fresh, table.Use(Issued(0, salt: 1), 1, Now));
    }

    [Fact]
    public void Use_OutOfOrderWithinTheWindow_IsFreshOnce()
    {
        var table = new NonceCountTable(new DigestOptions());
        table.Use(Issued(0), 70, Now);

        Assert.Equal(NonceUse.Fresh, table.Use(Issued(0), 7, Now));
        Assert.Equal(NonceUse.Replayed, table.Use(Issued(0), 7, Now));
        Assert.Equal(NonceUse.Replayed, table.Use(Issued(0), 6, Now)); // 64 behind: outside
        Assert.Equal(NonceUse.Fresh, table.Use(Issued(0), 71, Now));
        Assert.Equal(NonceUse.Replayed, table.Use(Issued(0), 70, Now));
    }

    [Fact]
    public void Use_FarAhead_ForgetsAllBehindTheWindow()
    {
        var table = new NonceCountTable(new DigestOptions());
        table.Use(Issued(0), 1, Now);

        Assert.Equal(NonceUse.Fresh, table.Use(Issued(0), uint.MaxValue, Now));
        Assert.Equal(NonceUse.Replayed, table.Use(Issued(0), uint.MaxValue, Now));
        Assert.Equal(NonceUse.Fresh, table.Use(Issued(0), uint.MaxValue - 63, Now));
        Assert.Equal(NonceUse.Replayed, table.Use(Issued(0), 2, Now));
    }

    [Fact]
    public void Use_BeyondTheLimit_ForgetsTheFirstAndNeverTakesItsAgeAgain()
    {
        var table = new NonceCountTable(new DigestOptions { NoncesMax = 2 });
        table.Use(Issued(1), 1, Now);
        table.Use(Issued(2), 1, Now);
        table.Use(Issued(3), 1, Now);

        Assert.Equal(2, table.Count);
        Assert.Equal(NonceUse.Forgotten, table.Use(Issued(1), 1, Now));          // the replay that must not pass
        Assert.Equal(NonceUse.Forgotten, table.Use(Issued(0, salt: 9), 1, Now)); // as old: cannot be told apart
        Assert.Equal(NonceUse.Fresh, table.Use(Issued(2), 2, Now));
    }

    [Fact]
    public void Use_AfterTheLifetime_DropsOldEntriesWithoutForgetting()
    {
        var table = new NonceCountTable(new DigestOptions { NoncesMax = 2 });
        table.Use(Issued(1), 1, Now);
        table.Use(Issued(2), 1, Now);
        var later = Now.AddMinutes(6);

        Assert.Equal(NonceUse.Fresh, table.Use(Issued(360), 1, later));
        Assert.Equal(1, table.Count);
    }
}
