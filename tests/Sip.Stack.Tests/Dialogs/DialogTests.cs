using Sip.Stack.Dialogs;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Dialogs;

public sealed class DialogTests
{
    // What a Kamailio S-CSCF sends: Record-Route before and after Route, once for each pass through the S-CSCF.
    private const string Subscribe = """
        SUBSCRIBE sip:conf-1@conf.ims.example SIP/2.0
        Record-Route: <sip:127.0.0.12;lr>
        Route: <sip:127.0.0.30:5060;lr>, <sip:iscmark@127.0.0.12:5060;lr;s=1;h=1;d=2;a=7369703a636f6e66>
        P-Served-User: <sip:conf-1@conf.ims.example>;sescase=term;regstate=unreg
        Record-Route: <sip:127.0.0.12;lr>
        Record-Route: <sip:127.0.0.10;lr>
        Via: SIP/2.0/UDP 127.0.0.12;branch=z9hG4bKe7de.db6af9e5b9f020e62175d1fc0fc7d892.0
        Max-Forwards: 66
        From: <sip:alice@ims.example>;tag=ddba1ca0
        To: <sip:conf-1@conf.ims.example>
        Call-ID: 6b11099d4a2b4567a994a04dd290c147
        CSeq: 1 SUBSCRIBE
        Event: conference
        Expires: 600
        Contact: <sip:alice@127.0.0.41:53976>
        Content-Length: 0


        """;

    // A WebSocket user: the P-CSCF adds two with r2=on, and a Contact that must never be resolved.
    private const string InviteOverWebSocket = """
        INVITE sip:conf-1@conf.ims.example SIP/2.0
        Record-Route: <sip:127.0.0.12;lr>
        Record-Route: <sip:127.0.0.12;lr>
        Record-Route: <sip:127.0.0.10;r2=on;lr>,<sip:127.0.0.10;transport=ws;r2=on;lr>
        Via: SIP/2.0/UDP 127.0.0.12;branch=z9hG4bK3a79
        Max-Forwards: 66
        From: "Carol" <sip:carol@ims.example>;tag=d44287fc
        To: <sip:conf-1@conf.ims.example>
        Call-ID: dbc2a43dac004e1eb70c7431901b12cd
        CSeq: 4 INVITE
        Contact: <sip:carol@xyz.invalid;alias=127.0.0.45~51213~5;transport=ws>
        Content-Length: 0


        """;

    private static Dialog Served(string text, string tag = "c821ea77")
    {
        var outcome = Dialog.TryCreateAsServer(SipText.ParseRequest(text), tag, DialogStage.Confirmed, out var dialog);
        Assert.Equal(DialogOutcome.Accepted, outcome);
        return dialog!;
    }

    private static SipResponse Ok(string extra, string status = "200 OK", uint cseq = 3) => SipText.ParseResponse($"""
        SIP/2.0 {status}
        Via: SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK1
        From: <sip:conf-1@conf.ims.example>;tag=c821ea77
        To: <sip:bob@ims.example>;tag=77
        Call-ID: out-1
        CSeq: {cseq} INVITE
        {extra}
        Content-Length: 0


        """);

    [Fact]
    public void CreateAsServer_OfSubscribeThroughTwoPasses_KeepsTheRouteSetAsItIs()
    {
        var dialog = Served(Subscribe);

        Assert.Equal(new DialogId("6b11099d4a2b4567a994a04dd290c147", "c821ea77", "ddba1ca0"), dialog.Id);
        Assert.Equal(["<sip:127.0.0.12;lr>", "<sip:127.0.0.12;lr>", "<sip:127.0.0.10;lr>"], dialog.RouteSet.ToArray());
        Assert.Equal("sip:alice@127.0.0.41:53976", dialog.RemoteTarget);
        Assert.Equal(("sip:conf-1@conf.ims.example", "sip:alice@ims.example"), (dialog.LocalUri, dialog.RemoteUri));
        Assert.Equal(1u, dialog.RemoteSequence);
        Assert.Null(dialog.LocalSequence);
    }

    [Fact] // The NOTIFY of the capture
    public void NewRequest_AsServer_IsAddressedAsTheCaptureWas()
    {
        var request = SipText.Request(Served(Subscribe).NewRequest("NOTIFY", out var next));

        Assert.Equal("sip:alice@127.0.0.41:53976", request.RequestUriText);
        Assert.Equal(
            ["<sip:127.0.0.12;lr>", "<sip:127.0.0.12;lr>", "<sip:127.0.0.10;lr>"],
            request.Route.Select(one => one.ToString()));
        Assert.Equal(("sip:conf-1@conf.ims.example", "c821ea77"), (request.From!.UriText, request.From.Tag));
        Assert.Equal(("sip:alice@ims.example", "ddba1ca0"), (request.To!.UriText, request.To.Tag));
        Assert.Equal("1 NOTIFY", request.CSeq.ToString());
        Assert.Equal("6b11099d4a2b4567a994a04dd290c147", request.CallId);
        Assert.Equal(1u, next.LocalSequence);
        Assert.Equal(2u, SipText.Request(next.NewRequest("NOTIFY", out _)).CSeq?.Number);
    }

    [Fact]
    public void NewRequest_ToWebSocketUser_KeepsTargetAndDoubleRecordRouteByteForByte()
    {
        var request = SipText.Request(Served(InviteOverWebSocket).NewRequest("BYE", out _));

        Assert.Equal("sip:carol@xyz.invalid;alias=127.0.0.45~51213~5;transport=ws", request.RequestUriText);
        Assert.Equal(
            [
                "<sip:127.0.0.12;lr>", "<sip:127.0.0.12;lr>", "<sip:127.0.0.10;r2=on;lr>",
                "<sip:127.0.0.10;transport=ws;r2=on;lr>",
            ],
            request.Route.Select(one => one.ToString()));
    }

    [Fact] // RFC 3261 12.2.1.1, an RFC 2543 proxy in the way
    public void NewRequest_ThroughStrictRouter_PutsItIntoTheRequestUri()
    {
        var dialog = Served(Subscribe) with { RouteSet = ["<sip:old.example>", "<sip:next.example;lr>"] };

        var request = SipText.Request(dialog.NewRequest("NOTIFY", out _));

        Assert.Equal("sip:old.example", request.RequestUriText);
        Assert.Equal(
            ["<sip:next.example;lr>", "<sip:alice@127.0.0.41:53976>"], request.Route.Select(one => one.ToString()));
    }

    [Fact]
    public void CreateAsServer_WithoutContact_IsIncomplete()
    {
        var outcome = Dialog.TryCreateAsServer(SipText.Request("INVITE"), "t", DialogStage.Early, out var dialog);

        Assert.Equal(DialogOutcome.Incomplete, outcome);
        Assert.Null(dialog);
    }

    [Fact] // RFC 2543: no From tag; compared as empty
    public void CreateAsServer_OfLegacyPeer_HasAnEmptyRemoteTag()
    {
        var dialog = Served(Subscribe.Replace(";tag=ddba1ca0", "", StringComparison.Ordinal));

        Assert.Equal(string.Empty, dialog.Id.RemoteTag);
        Assert.Null(SipText.Request(dialog.NewRequest("NOTIFY", out _)).To!.Tag);
    }

    [Fact]
    public void CreateAsClient_OfTwoXx_ReversesTheRouteSet()
    {
        var response = Ok("Record-Route: <sip:last;lr>, <sip:first;lr>\nContact: <sip:bob@192.0.2.9>");

        Assert.Equal(
            DialogOutcome.Accepted, Dialog.TryCreateAsClient(response, "sip:bob@ims.example", out var dialog));
        Assert.Equal(["<sip:first;lr>", "<sip:last;lr>"], dialog!.RouteSet.ToArray());
        Assert.Equal(DialogStage.Confirmed, dialog.Stage);
        Assert.Equal("sip:bob@192.0.2.9", dialog.RemoteTarget);
        Assert.Equal(3u, dialog.LocalSequence);
        Assert.Equal(new DialogId("out-1", "c821ea77", "77"), dialog.Id);
        Assert.Equal("3 ACK", SipText.Request(dialog.NewAck(3)).CSeq.ToString());
        Assert.Equal("4 BYE", SipText.Request(dialog.NewRequest("BYE", out _)).CSeq.ToString());
    }

    [Fact] // RFC 3261 13.2.2.4: the 2xx has the last word on the route set of an early dialog
    public void Refresh_OfEarlyDialog_TakesRouteSetAndTargetOfTheTwoXx()
    {
        var ringing = Ok("Record-Route: <sip:early;lr>\nContact: <sip:bob@early>", "180 Ringing");
        Dialog.TryCreateAsClient(ringing, "sip:bob@ims.example", out var early);

        var confirmed = early!.Refresh(
            Ok("Record-Route: <sip:b;lr>,<sip:a;lr>\nContact: <sip:bob@192.0.2.9>"), SipMethod.Invite);

        Assert.Equal(DialogStage.Early, early.Stage);
        Assert.Equal(DialogStage.Confirmed, confirmed.Stage);
        Assert.Equal(["<sip:a;lr>", "<sip:b;lr>"], confirmed.RouteSet.ToArray());
        Assert.Equal("sip:bob@192.0.2.9", confirmed.RemoteTarget);
    }

    [Theory] // method, CSeq, expected outcome
    [InlineData("BYE", 2u, DialogOutcome.Accepted)]
    [InlineData("BYE", 9u, DialogOutcome.Accepted)]
    [InlineData("BYE", 1u, DialogOutcome.OutOfOrder)]
    [InlineData("BYE", 0u, DialogOutcome.OutOfOrder)]
    [InlineData("ACK", 1u, DialogOutcome.Accepted)]
    [InlineData("CANCEL", 1u, DialogOutcome.Accepted)]
    public void Receive_OfSequence_MustRiseExceptForAckAndCancel(string method, uint cseq, DialogOutcome expected)
    {
        var dialog = Served(Subscribe);

        var outcome = dialog.Receive(InDialog(method, cseq, "Contact: <sip:moved@192.0.2.1>"), out var next);

        Assert.Equal(expected, outcome);
        Assert.Equal(method == "BYE" && expected == DialogOutcome.Accepted ? cseq : 1u, next.RemoteSequence);
        Assert.Equal(dialog.RemoteTarget, next.RemoteTarget); // none of these is a target refresh
    }

    [Fact]
    public void Receive_OfTargetRefresh_MovesTheTargetButNotTheRouteSet()
    {
        var dialog = Served(Subscribe);

        dialog.Receive(
            InDialog("SUBSCRIBE", 2, "Contact: <sip:moved@192.0.2.1>\nRecord-Route: <sip:other;lr>"), out var next);

        Assert.Equal("sip:moved@192.0.2.1", next.RemoteTarget);
        Assert.Equal(dialog.RouteSet, next.RouteSet);
    }

    private static SipRequest InDialog(string method, uint cseq, string extra) => SipText.ParseRequest($"""
        {method} sip:127.0.0.30:5060 SIP/2.0
        Via: SIP/2.0/UDP 127.0.0.12;branch=z9hG4bK0a79
        Max-Forwards: 67
        From: <sip:alice@ims.example>;tag=ddba1ca0
        To: <sip:conf-1@conf.ims.example>;tag=c821ea77
        Call-ID: 6b11099d4a2b4567a994a04dd290c147
        CSeq: {cseq} {method}
        {extra}
        Content-Length: 0


        """);
}
