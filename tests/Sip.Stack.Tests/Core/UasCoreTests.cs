using Sip.Stack.Core;
using Sip.Stack.Dialogs;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Core;

public sealed class UasCoreTests
{
    private readonly UasCore _core = new(new UasCapabilities { BodyBytesMax = 100 });

    private SipRejectReason? Inspect(SipRequest request, bool isMerged = false) =>
        _core.Inspect(request, isMerged)?.Reason;

    private SipResponse Check(SipRequest request) =>
        SipText.Response(Assert.IsType<SipResponseBuilder>(_core.Check(request)));

    [Theory]
    [InlineData("MESSAGE")]
    [InlineData("OPTIONS")]
    [InlineData("REGISTER")]
    public void Check_OfRequestInOrder_IsNoRefusal(string method) => Assert.Null(_core.Check(SipText.Request(method)));

    [Theory]
    [InlineData("SUBSCRIBE", 405)] // known, not served
    [InlineData("message", 501)]   // methods are compared with case
    [InlineData("NEWMETHOD", 501)]
    public void Check_OfMethodNotServed_NamesThoseThatAre(string method, int status)
    {
        var response = Check(SipText.Request(method));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(["MESSAGE", "REGISTER", "OPTIONS", "INVITE", "ACK", "CANCEL"], response.Allow);
    }

    [Theory]
    [InlineData("tel:+15550001")]
    [InlineData("soap.beep://192.0.2.103:3002")]
    [InlineData("nobodyKnowsThisScheme:totallyopaquecontent")]
    public void Check_OfForeignScheme_Is416(string uri) =>
        Assert.Equal(416, Check(SipText.Request("OPTIONS", uri)).StatusCode);

    [Fact]
    public void Check_OfForeignTarget_Is404()
    {
        var core = new UasCore(new UasCapabilities { IsServed = uri => uri.Host == "example.com" });

        Assert.Null(core.Inspect(SipText.Request("MESSAGE")));
        Assert.Equal(
            SipRejectReason.NotServedHere, core.Inspect(SipText.Request("MESSAGE", "sip:a@example.org"))?.Reason);
    }

    [Fact]
    public void Check_OfMergedRequest_Is482() =>
        Assert.Equal(SipRejectReason.Merged, Inspect(SipText.Request("MESSAGE"), isMerged: true));

    [Fact]
    public void Check_OfOwnRequestComeBack_Is482()
    {
        var core = new UasCore(new UasCapabilities { IsOwnVia = via => via.Host == "192.0.2.30" });
        var returned = SipText.Request("MESSAGE", extra: "Via: SIP/2.0/UDP 192.0.2.30;branch=z9hG4bKours");

        Assert.Equal(SipRejectReason.Loop, core.Inspect(returned)?.Reason);
        Assert.Null(core.Inspect(SipText.Request("MESSAGE")));
    }

    [Theory]
    [InlineData("MESSAGE", SipRejectReason.TooManyHops)]
    [InlineData("OPTIONS", null)]
    [InlineData("CANCEL", null)]
    public void Check_OfSpentMaxForwards_Is483ExceptForOptions(string method, SipRejectReason? expected)
    {
        var text = System.Text.Encoding.UTF8.GetString(SipText.Request(method).Bytes.Span);

        Assert.Equal(expected, Inspect(SipText.ParseRequest(
            text.Replace("Max-Forwards: 70", "Max-Forwards: 0", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("MESSAGE", SipRejectReason.NoSuchDialog)]
    [InlineData("REGISTER", null)]
    public void Check_OfToTagWithoutDialog_Is481(string method, SipRejectReason? expected) =>
        Assert.Equal(expected, Inspect(SipText.Request(method, toTag: ";tag=b1")));

    [Fact]
    public void Check_OfRequestInKnownDialog_IsNoRefusal()
    {
        var dialogs = new DialogTable();
        var invite = SipText.Request("INVITE", extra: "Contact: <sip:alice@192.0.2.7>");
        Assert.Equal(
            DialogOutcome.Accepted, Dialog.TryCreateAsServer(invite, "b1", DialogStage.Confirmed, out var dialog));
        dialogs.Add(dialog!);
        var core = new UasCore(new UasCapabilities(), dialogs);

        Assert.Null(core.Inspect(SipText.Request("MESSAGE", toTag: ";tag=b1")));
        Assert.Equal(
            SipRejectReason.NoSuchDialog, core.Inspect(SipText.Request("MESSAGE", toTag: ";tag=b2"))?.Reason);
    }

    [Fact]
    public void Check_OfUnknownExtensions_ListsThem()
    {
        var response = Check(SipText.Request("OPTIONS", extra: "Require: path, one\r\nRequire: two"));

        Assert.Equal(420, response.StatusCode);
        Assert.Equal(["one", "two"], response.Unsupported);
    }

    [Fact]
    public void Check_OfCancelWithRequire_IsNoRefusal() =>
        Assert.Null(Inspect(SipText.Request("CANCEL", extra: "Require: one")));

    [Theory] // method, header fields, expected
    [InlineData("MESSAGE", "Content-Type: text/plain;charset=UTF-8", null)]
    [InlineData("MESSAGE", "Content-Type: application/unknown", SipRejectReason.UnsupportedMediaType)]
    [InlineData("MESSAGE", "c: nonsense", SipRejectReason.BadContentType)]
    [InlineData("MESSAGE", "", SipRejectReason.MissingContentType)]
    [InlineData("MESSAGE", "Content-Type: text/plain\r\nContent-Encoding: gzip", SipRejectReason.UnsupportedEncoding)]
    [InlineData("MESSAGE", "Content-Type: text/plain\r\ne: identity", null)]
    [InlineData("MESSAGE", "Content-Type: x/y\r\nContent-Disposition: session;handling=optional", null)]
    [InlineData("MESSAGE", "Content-Type: x/y\r\nContent-Disposition: session ; Handling = Optional", null)]
    [InlineData("MESSAGE", "Content-Type: x/y\r\nContent-Disposition: optional", SipRejectReason.UnsupportedMediaType)]
    [InlineData("REGISTER", "Content-Type: message/sip", null)]
    [InlineData("INVITE", "Content-Type: application/sdp", SipRejectReason.NoMediaSessions)]
    [InlineData("INVITE", "Content-Type: application/unknown", SipRejectReason.UnsupportedMediaType)]
    public void Check_OfBody_GoesByTypeAndEncoding(string method, string extra, SipRejectReason? expected) =>
        Assert.Equal(expected, Inspect(SipText.Request(method, extra: extra, body: "hello")));

    [Fact]
    public void Check_OfBodyOverTheLimit_Is413()
    {
        var request = SipText.Request("MESSAGE", extra: "Content-Type: text/plain", body: new string('x', 101));

        Assert.Equal(SipRejectReason.BodyTooLarge, Inspect(request));
    }

    [Fact]
    public void Check_OfUnsupportedBody_SaysWhatThisMethodTakes()
    {
        var message = Check(SipText.Request("MESSAGE", extra: "Content-Type: a/b", body: "x"));
        var invite = Check(SipText.Request("INVITE", extra: "Content-Type: a/b", body: "x"));
        var encoded = Check(SipText.Request(
            "MESSAGE", extra: "Content-Type: text/plain\r\nContent-Encoding: gzip", body: "x"));

        Assert.Equal((415, "text/plain"), (message.StatusCode, message.Headers.GetText(SipHeaderName.Accept)));
        Assert.Equal((415, "application/sdp"), (invite.StatusCode, invite.Headers.GetText(SipHeaderName.Accept)));
        Assert.Equal(
            (415, "identity"), (encoded.StatusCode, encoded.Headers.GetText(SipHeaderName.AcceptEncoding)));
    }

    [Fact]
    public void Check_OfInvite_Is488AndSaysHowToJoin()
    {
        var response = Check(SipText.Request("INVITE"));

        Assert.Equal(488, response.StatusCode);
        Assert.Equal(304, Assert.Single(response.Warnings).Code);
    }

    [Fact] // 8.2: the first fault in the order of the clause is the answer
    public void Check_OfSeveralFaults_FollowsTheOrderOfTheClause()
    {
        const string faults = "Require: x\r\nContent-Type: a/b";

        Assert.Equal(SipRejectReason.MethodUnknown, Inspect(SipText.Request("FOO", "tel:1", faults, "b"), true));
        Assert.Equal(
            SipRejectReason.UnsupportedScheme, Inspect(SipText.Request("MESSAGE", "tel:1", faults, "b"), true));
        Assert.Equal(SipRejectReason.Merged, Inspect(SipText.Request("MESSAGE", extra: faults, body: "b"), true));
        Assert.Equal(SipRejectReason.UnknownExtension, Inspect(SipText.Request("MESSAGE", extra: faults, body: "b")));
    }

    [Fact]
    public void AnswerOptions_ListsEveryCapability()
    {
        var core = new UasCore(new UasCapabilities { EventPackages = ["conference"] });

        var response = SipText.Response(core.AnswerOptions(SipText.Request("OPTIONS")));

        Assert.Equal(200, response.StatusCode);
        Assert.Contains("MESSAGE", response.Allow);
        Assert.Equal("text/plain", response.Headers.GetText(SipHeaderName.Accept));
        Assert.Equal("identity", response.Headers.GetText(SipHeaderName.AcceptEncoding));
        Assert.Equal("en", response.Headers.GetText(SipHeaderName.AcceptLanguage));
        Assert.Equal(["path"], response.Supported);
        Assert.Equal("conference", response.Headers.GetText(SipHeaderName.AllowEvents));
    }
}
