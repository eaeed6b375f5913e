using Sip.Stack.Authentication;

namespace Sip.Stack.Tests.Authentication;

public sealed class NonceFactoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly DigestOptions Options = new() { Realm = "example.com" };

    private static NonceFactory Factory(byte key = 1, string realm = "example.com") =>
        new(Enumerable.Repeat(key, 32).ToArray(), Options with { Realm = realm }, FixedRandom.Counting());

    [Fact]
    public void Check_OfOwnNonce_IsGenuineAndStamped()
    {
        var factory = Factory();
        var nonce = factory.Create(Now);

        Assert.Equal(43, nonce.Length);
        Assert.Equal(NonceVerdict.Genuine, factory.Check(nonce, Now.AddMinutes(4), out var stamp));
        Assert.Equal(Now.ToUnixTimeMilliseconds(), stamp.IssuedAtMs);
    }

    [Fact]
    public void Create_Twice_GivesTwoNonces()
    {
        var factory = Factory();

        Assert.NotEqual(factory.Create(Now), factory.Create(Now));
    }

    [Fact]
    public void Check_OfNodeWithTheSameKey_IsGenuine() =>
        Assert.Equal(NonceVerdict.Genuine, Factory().Check(Factory().Create(Now), Now, out _));

    [Theory]
    [InlineData(301)]  // older than the lifetime
    [InlineData(-31)]  // from further ahead than clocks may differ
    public void Check_OfWrongAge_IsExpired(int ageSeconds)
    {
        var factory = Factory();

        Assert.Equal(NonceVerdict.Expired, factory.Check(factory.Create(Now), Now.AddSeconds(ageSeconds), out _));
    }

    [Fact]
    public void Check_OfOtherKeyOrRealm_IsUnknown()
    {
        Assert.Equal(NonceVerdict.Unknown, Factory().Check(Factory(key: 2).Create(Now), Now, out _));
        Assert.Equal(NonceVerdict.Unknown, Factory().Check(Factory(realm: "other").Create(Now), Now, out _));
    }

    [Fact]
    public void Check_OfAnyChangedCharacter_IsUnknown()
    {
        var factory = Factory();
        var nonce = factory.Create(Now);
        for (var i = 0; i < nonce.Length; i++)
        {
            var forged = nonce[..i] + (nonce[i] == 'A' ? 'Q' : 'A') + nonce[(i + 1)..];

            Assert.Equal(NonceVerdict.Unknown, factory.Check(forged, Now, out _));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("f84f1cec41e6cbe5aea9c8e88d359")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("AAAA AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Check_OfForeignText_IsUnknown(string nonce) =>
        Assert.Equal(NonceVerdict.Unknown, Factory().Check(nonce, Now, out _));
}
