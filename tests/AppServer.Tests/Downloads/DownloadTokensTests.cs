using System.Buffers.Text;
using AppServer.Downloads;
using Xunit;

namespace AppServer.Tests.Downloads;

public sealed class DownloadTokensTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private readonly DownloadTokens _tokens = new(new byte[32]);

    [Fact]
    public void Read_WhatWasWritten_GivesTheGrantWithoutTheParticipant()
    {
        var grant = Grant();
        Assert.Equal(DownloadOutcome.Ok, _tokens.Read(_tokens.Write(grant), Now, out var read));
        Assert.Equal(grant with { Participant = "" }, read);
    }

    [Fact]
    public void Write_NamesNobody()
    {
        var bytes = Base64Url.DecodeFromChars(_tokens.Write(Grant()));
        Assert.DoesNotContain("alice", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AtItsExpiry_IsExpired()
    {
        var token = _tokens.Write(Grant());
        Assert.Equal(DownloadOutcome.Ok, _tokens.Read(token, Now.AddHours(1).AddSeconds(-1), out _));
        Assert.Equal(DownloadOutcome.Expired, _tokens.Read(token, Now.AddHours(1), out _));
    }

    [Fact]
    public void Read_WithAnyByteChanged_IsRefused()
    {
        var bytes = Base64Url.DecodeFromChars(_tokens.Write(Grant()));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            var outcome = _tokens.Read(Base64Url.EncodeToString(bytes), Now, out var grant);
            Assert.Equal(i == 0 ? DownloadOutcome.Malformed : DownloadOutcome.BadSignature, outcome);
            Assert.Null(grant);
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public void Read_TokenOfAnotherKey_IsRefused()
    {
        var other = new DownloadTokens([.. Enumerable.Repeat((byte)1, 32)]);
        Assert.Equal(DownloadOutcome.BadSignature, _tokens.Read(other.Write(Grant()), Now, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("../../etc/passwd")]
    [InlineData("%%%")]
    public void Read_Anything_IsMalformed(string token) =>
        Assert.Equal(DownloadOutcome.Malformed, _tokens.Read(token, Now, out _));

    [Fact]
    public void Read_VeryLongText_IsMalformed() =>
        Assert.Equal(DownloadOutcome.Malformed, _tokens.Read(new string('A', 100_000), Now, out _));

    private static DownloadGrant Grant() => new(
        new string('a', 64), "image/png", "page.png", "sip:alice@conf.example", Now.AddHours(1));
}
