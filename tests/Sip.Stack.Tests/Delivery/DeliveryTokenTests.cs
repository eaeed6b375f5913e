using Sip.Stack.Delivery;

namespace Sip.Stack.Tests.Delivery;

public sealed class DeliveryTokenTests
{
    private readonly DeliveryToken _tokens = new(new byte[16]);

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(1u, 0xFFFFFFFFu)]
    [InlineData(0xDEADBEEFu, 0x01234567u)]
    public void TryRead_OfWhatWasWritten_GivesTheHandle(uint slot, uint generation)
    {
        var digits = new byte[DeliveryToken.Length];
        _tokens.Write(new DeliveryHandle(slot, generation), digits);

        Assert.True(_tokens.TryRead(digits, out var handle));
        Assert.Equal(new DeliveryHandle(slot, generation), handle);
    }

    [Fact]
    public void TryRead_WithAnyDigitChanged_IsRefused()
    {
        var digits = new byte[DeliveryToken.Length];
        _tokens.Write(new DeliveryHandle(7, 42), digits);
        for (var i = 0; i < digits.Length; i++)
        {
            var changed = (byte[])digits.Clone();
            changed[i] = changed[i] == (byte)'0' ? (byte)'1' : (byte)'0';
            Assert.False(_tokens.TryRead(changed, out _), $"digit {i}");
        }
    }

    [Fact]
    public void TryRead_OfAnotherKey_IsRefused()
    {
        var digits = new byte[DeliveryToken.Length];
        DeliveryToken.CreateRandom().Write(new DeliveryHandle(7, 42), digits);

        Assert.False(_tokens.TryRead(digits, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000000000")]
    [InlineData("zz0000000000000000000000")]
    [InlineData("000000000000000000000000")]
    public void TryRead_OfMalformedDigits_IsRefused(string digits) =>
        Assert.False(_tokens.TryRead(System.Text.Encoding.ASCII.GetBytes(digits), out _));
}
