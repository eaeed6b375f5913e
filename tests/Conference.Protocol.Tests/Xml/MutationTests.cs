using System.Text;
using CsCheck;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

/// <summary>Whatever arrives is read or refused by name; nothing throws, nothing grows beyond the body's size.
/// </summary>
public class MutationTests
{
    private static readonly byte[][] Valid =
    [
        .. ProtocolPage.Blocks("xml").Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes("<event revision='1' author='sip:a@b.c' at='2026-11-23T00:00:00.000Z'><ended/></event>"),
    ];

    private static readonly string[] Pieces =
    [
        "<", ">", "/>", "</", "\"", "'", "=", "&", "&lt;", "&#x0;", "&#13;", "]]>", "<![CDATA[", "<!--", "-->", "<?x",
        "?>", "<!DOCTYPE a>", " xmlns='urn:x'", " xmlns:a='b'", "a:", "\0", "\r\n", "é", "😀",
        "-1", "0", "99999999999", "NaN",
        " page='0'", "<a>", "</a>", "<page>", "\uFEFF",
    ];

    private static readonly Gen<byte[]> Mutated = Gen.Select(
        Gen.Int[0, Valid.Length - 1],
        Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Byte, Gen.Int[0, Pieces.Length - 1])
            .Array[1, 4],
        (which, steps) => steps.Aggregate(Valid[which], (body, step) => Mutate(
            body, step.Item1, step.Item2, step.Item3, step.Item4, step.Item5)));

    [Fact]
    public void Readers_AnyMutation_NeverThrow() => Mutated.Sample(
        body =>
        {
            RequestReader.TryReadOwned(body, ProtocolLimits.Default, out var owned, out var fault);
            Assert.True(owned is null != fault is null);
            owned?.Dispose();
            ServerMessageReader.TryRead(body, ProtocolLimits.Default, out var message, out fault);
            Assert.True(message is null != fault is null);
            Assert.True(fault is null || fault.Text.All(c => c is >= ' ' and <= '~' and not '"'));
            EventReader.TryReadFragment(body, out _);
        },
        iter: 20_000);

    [Fact]
    public void Readers_AnyMutation_AllocateNoMoreThanAFewTimesTheBody() => Mutated.Sample(
        body =>
        {
            RequestReader.TryRead(body, ProtocolLimits.Default, out _, out _);
            var before = GC.GetAllocatedBytesForCurrentThread();
            RequestReader.TryRead(body, ProtocolLimits.Default, out _, out _);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64_000 + (32L * body.Length));
        },
        iter: 2_000,
        threads: 1);

    [Fact]
    public void WrittenAgain_AnyMutationThatIsRead_GivesTheSameRecord() => Mutated.Sample(
        body =>
        {
            RequestReader.TryRead(body, ProtocolLimits.Default, out var request, out _);
            if (request is null) return;
            RequestReader.TryRead(RequestWriter.Write(request), ProtocolLimits.Default, out var again, out var fault);
            Assert.Null(fault);
            Assert.Equal(Dump.Of(request), Dump.Of(again));
        },
        iter: 5_000);

    [Fact]
    public void ServerMessageWrittenAgain_AnyMutationThatIsRead_GivesTheSameRecord() => Mutated.Sample(
        body =>
        {
            var limits = ProtocolLimits.Default;
            ServerMessageReader.TryRead(body, limits, out var message, out _);
            if (message is null) return;
            ServerMessageReader.TryRead(ServerMessageWriter.Write(message), limits, out var again, out var fault);
            Assert.Null(fault);
            Assert.Equal(Dump.Of(message), Dump.Of(again));
        },
        iter: 5_000);

    private static byte[] Mutate(byte[] body, int kind, double from, double to, byte value, int piece)
    {
        var a = (int)(from * body.Length);
        var b = (int)(to * body.Length);
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        if (body.Length == 0) return [value];
        return kind switch
        {
            0 => [.. body[..a], value, .. body[Math.Min(a + 1, body.Length)..]],
            1 => [.. body[..a], .. body[b..]],
            2 => [.. body[..b], .. body[a..]],
            3 => body[..a],
            4 => [.. body[..a], .. Encoding.UTF8.GetBytes(Pieces[piece]), .. body[a..]],
            _ => [.. body[..a], .. Encoding.UTF8.GetBytes(Pieces[piece]), .. body[Math.Min(a + 3, body.Length)..]],
        };
    }
}
