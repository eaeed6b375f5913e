namespace Sip.Stack.Tests;

public sealed class SipHashTests
{
    // The key and the messages of the paper's test vectors: 00 01 02 ...
    private const ulong Key0 = 0x0706050403020100;
    private const ulong Key1 = 0x0f0e0d0c0b0a0908;

    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31UL)]
    [InlineData(1, 0x74f839c593dc67fdUL)]
    [InlineData(7, 0xab0200f58b01d137UL)]
    [InlineData(8, 0x93f5f5799a932462UL)]
    [InlineData(15, 0xa129ca6149be45e5UL)]
    public void End_OfTheVectorsOfThePaper_IsWhatItSays(int length, ulong expected) =>
        Assert.Equal(expected, Hash([Message(length)]));

    [Fact]
    public void Add_InAnyParts_GivesTheSame()
    {
        var message = Message(40);
        for (var first = 0; first <= 20; first++)
        {
            Assert.Equal(Hash([message]), Hash([message[..first], message[first..25], message[25..]]));
        }
    }

    private static byte[] Message(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];

    private static ulong Hash(byte[][] parts)
    {
        var hash = new SipHash(Key0, Key1);
        foreach (var part in parts) hash.Add(part);
        return hash.End();
    }
}
