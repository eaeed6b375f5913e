using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

/// <summary>The torture set at the parser: what is taken, what is refused, and that a refusal can be formed.</summary>
public sealed class TortureParserTests
{
    public static TheoryData<string> Names() =>
        TortureFolder.Path is null ? ["(no torture folder)"] : [.. TortureFolder.Messages.Select(m => m.Name)];

    [SkippableTortureTheory]
    [MemberData(nameof(Names))]
    public void TryRead_TortureMessage_OutcomeIsOneOfTheIndex(string name)
    {
        var message = TortureFolder.Messages.Single(m => m.Name == name);

        var outcome = SipMessageReader.TryRead(message.Bytes, SipParseLimits.Default, out var read);

        Assert.Equal(outcome == SipParseOutcome.Ok, read is not null);
        if (outcome == SipParseOutcome.Ok)
        {
            Assert.NotEqual("reject", message.Parser);
            Assert.Equal(message.IsRequest, read is SipRequest);
            return;
        }

        // A request that parses may still have to be refused by what it says: 505, or 400 for a CSeq of another method.
        var status = SipParseOutcomes.Describe(outcome).Status;
        if (!message.IsRequest)
        {
            Assert.Contains("drop", message.Respond);
            Assert.NotEqual("accept", message.Parser);
            return;
        }

        var canRefuse = SipMessageReader.TryReadForRefusal(message.Bytes, SipParseLimits.Default, out var request);
        Assert.DoesNotContain(status, message.Forbid);
        Assert.Contains(canRefuse ? status.ToString() : "drop", message.Respond);
        if (canRefuse) AssertAnswers(request!, outcome);
    }

    [SkippableTortureFact]
    public void TryReadFrame_TortureMessagesGlued_GivesEachOnce()
    {
        foreach (var message in TortureFolder.Messages)
        {
            // What has no length, or a second message behind it, is another thing on a stream.
            if (message.Parser != "accept" || message.Name is "dblreq" or "inv2543") continue;
            var glued = message.Bytes.Concat(message.Bytes).ToArray();
            var reader = default(SipFrameReader);
            Assert.True(reader.TryReadFrame(glued, SipParseLimits.Default, out var frame), message.Name);
            Assert.Equal((SipFrameKind.Frame, message.Bytes.Length), (frame.Kind, frame.Length));
            Assert.True(reader.TryReadFrame(glued.AsSpan(frame.Length), SipParseLimits.Default, out frame));
            Assert.Equal((SipFrameKind.Frame, message.Bytes.Length), (frame.Kind, frame.Length));
        }
    }

    private static void AssertAnswers(SipRequest request, SipParseOutcome outcome)
    {
        var refusal = SipParseOutcomes.Describe(outcome);
        var bytes = new SipResponseBuilder(request, refusal.Status, refusal.ReasonPhrase).Build();
        var text = Encoding.UTF8.GetString(bytes);
        Assert.StartsWith($"SIP/2.0 {refusal.Status} {refusal.ReasonPhrase}\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nVia: ", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\nContent-Length: 0\r\n\r\n", text, StringComparison.Ordinal);
    }
}
