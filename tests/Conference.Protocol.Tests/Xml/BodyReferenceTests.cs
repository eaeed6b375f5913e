using System.Text;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

/// <summary>The body reference at its limits.</summary>
public class BodyReferenceTests
{
    private static readonly BodyReference Valid = new(
        ConferenceUri.Parse("sip:c@b.c"), "https://as.example.org/b?t=1&u=2", DateTimeOffset.UnixEpoch, 1_048_576,
        ContentDigest.OfHex([1]));

    [Fact]
    public void BodyReference_OfTheLargestBody_IsReadWithAllItsValues()
    {
        Assert.Equal(ReadOutcome.Ok, Read(ServerMessageWriter.Write(Valid), out var message, out _));
        Assert.Equal(Valid, message);
    }

    [Fact]
    public void BodyReference_BeyondTheBodyLimit_IsRefusedAsTooLarge()
    {
        var bytes = ServerMessageWriter.Write(Valid with { BodyBytes = 1_048_577 });

        Read(bytes, out var message, out var fault);

        Assert.Null(message);
        Assert.Equal(ReadFaultReason.TooLarge, fault!.Reason);
        Assert.NotNull(SchemaCheck.FirstFault(Encoding.UTF8.GetString(bytes)));
    }

    [Fact]
    public void BodyReference_BeyondALowerLimit_IsRefusedAsTooLarge()
    {
        var limits = new ProtocolLimits { BodyBytesMax = 1_000 };
        var bytes = ServerMessageWriter.Write(Valid with { BodyBytes = 1_001 });

        ServerMessageReader.TryRead(bytes, limits, out _, out var fault);

        Assert.Equal(ReadFaultReason.TooLarge, fault!.Reason);
    }

    [Theory]
    [InlineData("conference", "tel:+1555", ReadFaultReason.BadValue)]
    [InlineData("conference", null, ReadFaultReason.MissingAttribute)]
    [InlineData("href", "ftp://as.example.org/b", ReadFaultReason.BadValue)]
    [InlineData("href", "/b", ReadFaultReason.BadValue)]
    [InlineData("href", null, ReadFaultReason.MissingAttribute)]
    [InlineData("expires", "tomorrow", ReadFaultReason.BadValue)]
    [InlineData("expires", null, ReadFaultReason.MissingAttribute)]
    [InlineData("bytes", "0", ReadFaultReason.BadValue)]
    [InlineData("bytes", "-1", ReadFaultReason.BadValue)]
    [InlineData("bytes", "99999999999999999999", ReadFaultReason.BadValue)]
    [InlineData("bytes", null, ReadFaultReason.MissingAttribute)]
    [InlineData("sha256", "00", ReadFaultReason.BadValue)]
    [InlineData("sha256", null, ReadFaultReason.MissingAttribute)]
    public void BodyReference_WithABadAttribute_IsRefusedByName(string name, string? value, ReadFaultReason reason)
    {
        var xml = Encoding.UTF8.GetString(ServerMessageWriter.Write(Valid));
        var at = xml.IndexOf($" {name}=\"", StringComparison.Ordinal);
        var end = xml.IndexOf('"', at + name.Length + 3) + 1;
        var changed = xml[..at] + (value is null ? string.Empty : $" {name}=\"{value}\"") + xml[end..];

        Read(Encoding.UTF8.GetBytes(changed), out _, out var fault);

        Assert.Equal(reason, fault!.Reason);
        Assert.NotNull(SchemaCheck.FirstFault(changed));
    }

    private static ReadOutcome Read(byte[] body, out ServerMessage? message, out ReadFault? fault) =>
        ServerMessageReader.TryRead(body, ProtocolLimits.Default, out message, out fault);
}
