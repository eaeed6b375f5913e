using System.Text;
using CsCheck;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

/// <summary>Nothing that arrives throws, and what is written reads back.</summary>
public sealed class SipMessagePropertyTests
{
    private static readonly byte[][] Seeds =
    [
        TestMessages.Wire(TestMessages.Options),
        TestMessages.Wire(TestMessages.Invite),
        TestMessages.OptionsWith(
            "Contact: \"A\" <sip:a@b>;q=0.5\nAuthorization: Digest username=\"a\", nc=1\nWarning: 399 a \"b\"\n"
            + "P-Associated-URI: <sip:a@b, tel:+1>\nRetry-After: 5 (x);duration=1\nSubject: a\n b\nEvent: x;id=1"),
        .. TortureFolder.Messages.Select(m => m.Bytes),
    ];

    private static readonly byte[] Spice = "\r\n \t\0,;:<>\"\\@%=/[]()*?.z9\u00ff"u8.ToArray();

    private static readonly Gen<byte[]> Mutated =
        from seed in Gen.Int[0, Seeds.Length - 1]
        from edits in Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5000], Gen.Int[0, Spice.Length - 1]).Array[1, 12]
        select Mutate(Seeds[seed], edits);

    [Fact]
    public void TryRead_MutatedMessage_NeverThrows() => Mutated.Sample(TouchAll, iter: 20_000);

    [Fact]
    public void TryRead_RandomBytes_NeverThrows() => Gen.Byte.Array[0, 400].Sample(TouchAll, iter: 5_000);

    [Fact]
    public void TryReadFrame_MutatedMessage_NeverThrowsNorTakesMoreThanThereIs() => Mutated.Sample(
        bytes =>
        {
            var reader = default(SipFrameReader);
            var start = 0;
            for (var end = 1; end <= bytes.Length; end += 7)
            {
                while (start < end)
                {
                    var rest = bytes.AsSpan(start, end - start);
                    if (!reader.TryReadFrame(rest, SipParseLimits.Default, out var frame)) break;
                    if (frame.Length > end - start) return false;
                    if (frame.Kind == SipFrameKind.Bad) return true;
                    start += frame.Length;
                }
            }

            return true;
        },
        iter: 5_000);

    [Fact]
    public void SipUri_AcceptedText_IsWrittenAsItWas() => Gen.OneOf(
            Gen.String["sip:@abc%41;=?&[]::1.tel+"],
            Gen.Const("sip:").SelectMany(s => Gen.String["abc@%41;=?&[]:1.+"].Select(t => s + t)))
        .Sample(
            text => !SipUri.TryParse(text, out var uri)
                || (uri.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)
                    && uri.IsEquivalentTo(SipUri.Parse(uri.ToString()))),
            iter: 20_000);

    [Fact]
    public void SipUri_AnyUser_ComesBack() => Gen.String.Where(s => s.Length > 0 && IsWellFormed(s)).Sample(user =>
        SipUri.Parse(new SipUri { Scheme = "sip", User = user, Host = "h" }.ToString()).User == user);

    [Fact]
    public void DisplayName_AnyText_ComesBack() => Gen.String
        .Where(s => IsWellFormed(s) && !s.AsSpan().ContainsAny("\r\n\0"))
        .Sample(name =>
        {
            var written = new NameAddress(SipUri.Parse("sip:a@b")) { DisplayName = name }.ToString();
            return NameAddress.TryParse(written, out var address)
                && address.DisplayName == name && address.UriText == "sip:a@b";
        });

    [Fact]
    public void Request_Written_ReadsBack() => Gen.Select(
            Gen.String.Where(IsWellFormed).Select(s => SipHeaderText.Clean(s).Trim()), Gen.UInt, Gen.Byte.Array[0, 300])
        .Sample((subject, cseq, body) =>
        {
            var bytes = new SipRequestBuilder("MESSAGE", "sip:a@b").From("sip:c@d").To("sip:e@f").CSeq(cseq)
                .With(SipHeaderName.Subject, subject).WithBody("application/octet-stream", body)
                .Build("SIP/2.0/UDP h;branch=z9hG4bK1");
            return SipMessageReader.TryRead(bytes, SipParseLimits.Default, out var read) == SipParseOutcome.Ok
                && read!.Bytes.Span.SequenceEqual(bytes) && read.Body.Span.SequenceEqual(body)
                && read.CSeq!.Value.Number == cseq && read.Headers.GetText(SipHeaderName.Subject) == subject;
        });

    private static bool IsWellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static byte[] Mutate(byte[] seed, (int Kind, int At, int With)[] edits)
    {
        var bytes = seed.ToList();
        foreach (var (kind, at, with) in edits)
        {
            var index = at % Math.Max(1, bytes.Count);
            if (kind == 0 || bytes.Count == 0) bytes.Insert(index, Spice[with]);
            else if (kind == 1) bytes[index] = Spice[with];
            else if (kind == 2) bytes.RemoveAt(index);
            else bytes.InsertRange(index, bytes.GetRange(0, Math.Min(bytes.Count, with * 9)));
        }

        return [.. bytes];
    }

    /// <summary>Reads everything that can be read; a good message must also be answerable and read back.</summary>
    private static void TouchAll(byte[] bytes)
    {
        var outcome = SipMessageReader.TryRead(bytes, SipParseLimits.Default, out var message);
        if (outcome != SipParseOutcome.Ok)
        {
            if (!SipMessageReader.TryReadForRefusal(bytes, SipParseLimits.Default, out var refused)) return;
            Touch(refused!);
            new SipResponseBuilder(refused!, 400).WithReceived(new System.Net.IPEndPoint(1, 1)).Build();
            return;
        }

        Assert.NotNull(message!.TopVia);
        Assert.NotNull(message.From!.Uri);
        Assert.NotNull(message.To!.Uri);
        Assert.NotNull(message.CallId);
        Assert.NotNull(message.CSeq);
        Touch(message);
        if (message is not SipRequest request) return;
        Assert.NotNull(request.RequestUri);
        var answer = new SipResponseBuilder(request, 200).WithReceived(new System.Net.IPEndPoint(1, 1)).Build();
        Assert.Equal(SipParseOutcome.Ok, SipMessageReader.TryRead(answer, SipParseLimits.Default, out var read));
        Assert.Equal(request.CallId, read!.CallId);
        Assert.Equal(request.Vias.Count, read.Vias.Count);
        Assert.NotNull(read.To!.Tag);
    }

    private static void Touch(SipMessage message)
    {
        foreach (var property in typeof(SipMessage).GetProperties().Where(p => p.PropertyType != typeof(SipHeaders)))
        {
            property.GetValue(message)?.ToString();
        }

        foreach (var line in message.Headers) Assert.Equal(-1, line.Value.IndexOfAny("\r\n"u8));
        foreach (var contact in message.Contacts)
        {
            Assert.True(contact.Uri!.IsEquivalentTo(SipUri.Parse(contact.Uri.ToString())));
        }
    }
}
