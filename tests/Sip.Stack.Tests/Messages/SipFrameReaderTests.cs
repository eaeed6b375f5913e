using System.Text;
using CsCheck;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

public sealed class SipFrameReaderTests
{
    private static readonly SipParseLimits Limits = SipParseLimits.Default;
    private static readonly byte[] Options = TestMessages.Wire(TestMessages.Options);
    private static readonly byte[] Invite = TestMessages.Wire(TestMessages.Invite);

    [Fact]
    public void TryReadFrame_TwoMessagesAndAPing_GivesThree()
    {
        byte[] stream = [.. Options, .. "\r\n\r\n"u8, .. Invite];

        Assert.Equal(
            [(SipFrameKind.Frame, Options.Length), (SipFrameKind.KeepAlive, 4), (SipFrameKind.Frame, Invite.Length)],
            Frames(stream, stream.Length).Select(f => (f.Kind, f.Length)));
    }

    [Fact]
    public void TryReadFrame_SplitAnywhere_GivesTheSameFrames()
    {
        byte[] stream = [.. "\r\n\r\n"u8, .. Options, .. "\r\n"u8, .. Invite, .. "\r\n\r\n"u8, .. Options];
        var whole = Frames(stream, stream.Length);
        Assert.Equal(6, whole.Count);

        for (var size = 1; size < stream.Length; size = size < 40 ? size + 1 : size + 37)
        {
            Assert.Equal(whole, Frames(stream, size));
        }
    }

    [Fact]
    public void TryReadFrame_RandomPieces_GivesTheSameFrames() =>
        Gen.Int[0, 3].Array[1, 8].SelectMany(
            kinds => Gen.Int[1, 400].Array[1, 40].Select(sizes => (kinds, sizes)))
        .Sample(input =>
        {
            byte[] stream = [.. input.kinds.SelectMany(k => k switch
            {
                0 => Options,
                1 => Invite,
                2 => "\r\n\r\n"u8.ToArray(),
                _ => "\r\n"u8.ToArray(),
            }).Concat(Options)];
            Assert.Equal(Frames(stream, stream.Length), Frames(stream, input.sizes));
        });

    [Fact]
    public void TryReadFrame_NeedMoreWithHead_TellsTheWholeLength()
    {
        var reader = default(SipFrameReader);

        Assert.False(reader.TryReadFrame(Invite.AsSpan(0, 300), Limits, out var result));
        Assert.Equal(0, result.Length);
        Assert.False(reader.TryReadFrame(Invite.AsSpan(0, Invite.Length - 1), Limits, out result));
        Assert.Equal(Invite.Length, result.Length);
    }

    [Theory]
    [InlineData("X: 1", SipParseOutcome.MissingContentLength)]
    [InlineData("Content-Length: -5", SipParseOutcome.BadContentLength)]
    [InlineData("Content-Length: 5 5", SipParseOutcome.BadContentLength)]
    [InlineData("Content-Length: ", SipParseOutcome.BadContentLength)]
    [InlineData("Content-Length: 0\r\nl: 0", SipParseOutcome.RepeatedContentLength)]
    [InlineData("Content-Length: 1048576", SipParseOutcome.MessageTooLarge)]
    [InlineData("Content-Length: 99999999999999999999", SipParseOutcome.MessageTooLarge)]
    public void TryReadFrame_BadLength_IsBadWithTheHead(string line, SipParseOutcome outcome)
    {
        var text = TestMessages.Options.ReplaceLineEndings("\r\n")
            .Replace("Content-Length: 0", line, StringComparison.Ordinal);
        var bytes = Encoding.ASCII.GetBytes(text);
        var reader = default(SipFrameReader);

        Assert.True(reader.TryReadFrame(bytes, Limits, out var result));
        Assert.Equal(new FrameResult(SipFrameKind.Bad, bytes.Length, false, outcome), result);
        Assert.True(SipMessageReader.TryReadForRefusal(bytes.AsSpan(0, result.Length), Limits, out _));
    }

    [Theory]
    [InlineData("l : 5")]
    [InlineData("CONTENT-LENGTH:\r\n 5")]
    [InlineData("Content-Length:    5   ")]
    public void TryReadFrame_LengthInAnyForm_IsFound(string line)
    {
        var text = TestMessages.Options.ReplaceLineEndings("\r\n")
            .Replace("Content-Length: 0", line, StringComparison.Ordinal) + "12345";
        var reader = default(SipFrameReader);

        Assert.True(reader.TryReadFrame(Encoding.ASCII.GetBytes(text), Limits, out var result));
        Assert.Equal((SipFrameKind.Frame, text.Length), (result.Kind, result.Length));
    }

    [Fact]
    public void TryReadFrame_EndlessStartLine_IsBadBeforeTheHeadLimit()
    {
        var reader = default(SipFrameReader);
        var bytes = new byte[Limits.StartLineBytesMax + 2];
        bytes.AsSpan().Fill((byte)'a');

        Assert.False(reader.TryReadFrame(bytes.AsSpan(0, Limits.StartLineBytesMax + 1), Limits, out _));
        Assert.True(reader.TryReadFrame(bytes, Limits, out var result));
        Assert.Equal((SipFrameKind.Bad, SipParseOutcome.StartLineTooLong), (result.Kind, result.Outcome));
    }

    [Fact]
    public void TryReadFrame_EndlessHead_IsBadAtTheLimit()
    {
        var reader = default(SipFrameReader);
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("X: y\r\n", 6000)));

        Assert.True(reader.TryReadFrame(bytes, Limits, out var result));
        Assert.Equal((SipFrameKind.Bad, SipParseOutcome.HeadTooLarge), (result.Kind, result.Outcome));
    }

    [Fact]
    public void TryReadFrame_CarriageReturnAlone_IsBad()
    {
        var reader = default(SipFrameReader);

        Assert.False(reader.TryReadFrame("\r"u8, Limits, out _));
        Assert.True(reader.TryReadFrame("\rX"u8, Limits, out var result));
        Assert.Equal(SipFrameKind.Bad, result.Kind);
    }

    private static List<FrameResult> Frames(byte[] stream, params int[] sizes)
    {
        var reader = default(SipFrameReader);
        var frames = new List<FrameResult>();
        int start = 0, end = 0;
        for (var turn = 0; end < stream.Length; turn++)
        {
            end = Math.Min(stream.Length, end + sizes[turn % sizes.Length]);
            while (start < end && reader.TryReadFrame(stream.AsSpan(start, end - start), Limits, out var frame))
            {
                frames.Add(frame);
                start += frame.Length;
            }
        }

        return frames;
    }
}
