using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

/// <summary>Header fields as values, one after the other.</summary>
public sealed class SipTypedHeaderTests
{
    [Fact]
    public void Invite_AsAnSCscfSendsIt_ReadsWhole()
    {
        var request = TestMessages.Read(TestMessages.Wire(TestMessages.Invite));

        Assert.Equal(SipMethod.Invite, request.Method);
        Assert.Equal("conf-1", request.RequestUri!.User);
        Assert.Equal(5, request.Vias.Count);
        var top = request.TopVia!;
        Assert.Equal(("UDP", "192.0.2.12", (int?)null), (top.Transport, top.Host, top.Port));
        Assert.Equal(53976, request.Vias[4].RPort);
        Assert.Equal(["192.0.2.30", "192.0.2.12"], request.Route.Select(r => r.Uri!.Host));
        Assert.Equal(3, request.RecordRoute.Count);
        Assert.Equal((false, false), (request.PServedUser!.IsOriginating, request.PServedUser.IsRegistered));
        Assert.Equal("d44287fc", request.From!.Tag);
        Assert.Null(request.To!.Tag);
        Assert.Equal("dbc2a43dac004e1eb70c7431901b12cd", request.CallId);
        Assert.Equal(new CSeqHeader(1, SipMethod.Invite, "INVITE"), request.CSeq);
        Assert.Equal(66, request.MaxForwards);
        Assert.Equal("application/sdp", request.ContentType!.Name);
        Assert.Equal(90, request.ContentLength);
        Assert.Equal(90, request.Body.Length);
        Assert.Equal("sip:alice@ims.example", Assert.Single(request.PAssertedIdentity).UriText);
        Assert.Equal("4956537F000001670100000D02000000", request.PChargingVector!.IcidValue);
        Assert.Equal("192.0.2.10", request.PChargingVector.IcidGeneratedAt);
        Assert.Equal("sip:alice@192.0.2.41:53976", Assert.Single(request.Contacts).UriText);
    }

    [Fact]
    public void Absent_Headers_AreNullOrEmpty()
    {
        var request = TestMessages.Read(TestMessages.Wire(TestMessages.Options));

        Assert.Null(request.PServedUser);
        Assert.Null(request.PServedUser);
        Assert.Null(request.PChargingVector);
        Assert.Null(request.ContentType);
        Assert.Null(request.Event);
        Assert.Null(request.SubscriptionState);
        Assert.Null(request.RetryAfter);
        Assert.Null(request.Expires);
        Assert.Null(request.MinExpires);
        Assert.Empty(request.Contacts);
        Assert.False(request.IsContactWildcard);
        Assert.Empty(request.Require);
        Assert.Empty(request.Accept);
        Assert.Empty(request.Authorization);
        Assert.Empty(request.PAssertedIdentity);
        Assert.Empty(request.PAssociatedUri);
        Assert.Empty(request.Warnings);
    }

    [Fact]
    public void To_Bare_ParametersBelongToTheHeader()
    {
        var request = TestMessages.Read(
            TestMessages.OptionsWhere("To: <sip:conf-1@conf.example>", "To: sip:a@b ; tag = 1;x"));

        Assert.Equal("sip:a@b", request.To!.UriText);
        Assert.Equal("1", request.To.Tag);
        Assert.True(request.To.Parameters.Contains("X"));
        Assert.Empty(request.To.Uri!.Parameters);
    }

    [Theory]
    [InlineData("sip:+1972@gw.example.net;unknownparam", true, false)]
    [InlineData("<sip:+1972@gw.example.net;unknownparam>", false, true)]
    public void Contact_Parameter_BelongsWhereItStands(string contact, bool ofHeader, bool ofUri)
    {
        var address = Assert.Single(TestMessages.ReadWith($"Contact: {contact}").Contacts);

        Assert.Equal(ofHeader, address.Parameters.Contains("unknownparam"));
        Assert.Equal(ofUri, address.Uri!.Parameters.Contains("unknownparam"));
    }

    [Fact]
    public void Contact_SeveralLinesAndValues_AreOneList()
    {
        var request = TestMessages.ReadWith(
            "m: \"A, B <x>\" <sip:a@b;x=1>;q=0.7;expires=3600, sip:c@d;expires=x\n"
            + "Contact: <sip:e@f>;q=1;expires=99999999999");

        Assert.Equal(["sip:a@b;x=1", "sip:c@d", "sip:e@f"], request.Contacts.Select(c => c.UriText));
        Assert.Equal("A, B <x>", request.Contacts[0].DisplayName);
        Assert.Equal([700, null, 1000], request.Contacts.Select(c => c.QualityPerMille));
        Assert.Equal([3600u, null, uint.MaxValue], request.Contacts.Select(c => c.Expires));
    }

    [Fact]
    public void Contact_Star_IsTheWildcard()
    {
        var request = TestMessages.ReadWith("Contact:  * ");

        Assert.True(request.IsContactWildcard);
        Assert.Empty(request.Contacts);
    }

    [Theory]
    [InlineData("<sip:alice@ims.example, tel:+15550001>", "sip:alice@ims.example|tel:+15550001")]
    [InlineData("<sip:alice@ims.example>, <tel:+15550001>", "sip:alice@ims.example|tel:+15550001")]
    [InlineData("<sip:a@b, sip:c@d, tel:+1>", "sip:a@b|sip:c@d|tel:+1")]
    [InlineData("\"x, <sip:no@no>\" <sip:a@b>", "sip:a@b")]
    [InlineData("<sip:a@b>, rubbish, <http://x>", "sip:a@b")]
    [InlineData("<sip:a@b\nP-Associated-URI: tel:+1>", "sip:a@b|tel:+1")]
    [InlineData("\"open", "")]
    public void PAssociatedUri_WithAnyBrackets_GivesTheUris(string value, string uris)
    {
        var request = TestMessages.ReadWith($"P-Associated-URI: {value}");

        Assert.Equal(uris, string.Join('|', request.PAssociatedUri.Select(u => u.ToString())));
    }

    [Fact]
    public void PAssertedIdentity_SipAndTel_AreTwo()
    {
        var request = TestMessages.ReadWith("P-Asserted-Identity: \"Alice\" <sip:alice@ims.example>, <tel:+15550001>");

        Assert.Equal(["sip", "tel"], request.PAssertedIdentity.Select(i => i.Uri!.Scheme));
        Assert.Equal("Alice", request.PAssertedIdentity[0].DisplayName);
    }

    [Theory]
    [InlineData("<sip:a@b>;sescase=orig;regstate=reg", true, true)]
    [InlineData("<sip:a@b>;sescase=TERM;regstate=unreg", false, false)]
    [InlineData("<sip:a@b>;orig-cdiv", true, null)]
    [InlineData("<sip:a@b>", null, null)]
    public void PServedUser_Parameters_AreRead(string value, bool? isOriginating, bool? isRegistered)
    {
        var header = TestMessages.ReadWith($"P-Served-User: {value}").PServedUser!;

        Assert.Equal((isOriginating, isRegistered), (header.IsOriginating, header.IsRegistered));
    }

    [Theory]
    [InlineData("icid-value=AB; icid-generated-at=192.0.2.1", "AB", "192.0.2.1")]
    [InlineData("icid-value=\"a;b,c\";orig-ioi=home1.net", "a;b,c", null)]
    public void PChargingVector_QuotedOrNot_IsRead(string value, string icid, string? at)
    {
        var header = TestMessages.ReadWith($"P-Charging-Vector: {value}").PChargingVector!;

        Assert.Equal((icid, at), (header.IcidValue, header.IcidGeneratedAt));
    }

    [Fact]
    public void Path_WithoutBlank_IsTwo()
    {
        var request = TestMessages.ReadWith(
            "Path: <sip:192.0.2.12:5060;lr>,"
            + "<sip:term@192.0.2.10:5060;lr;received=sip:192.0.2.41:53976%3btransport%3dudp>");

        Assert.Equal(2, request.Path.Count);
        Assert.Equal("sip:192.0.2.41:53976;transport=udp", request.Path[1].Uri!.Parameters["received"]);
    }

    [Theory]
    [InlineData("Expires: 1000000000000000", uint.MaxValue)]
    [InlineData("Expires: 0", 0u)]
    [InlineData("Expires: soon", null)]
    [InlineData("Expires: -1", null)]
    public void Expires_Value_IsSaturatedOrNull(string line, uint? seconds) =>
        Assert.Equal(seconds, TestMessages.ReadWith(line).Expires);

    [Theory]
    [InlineData("120", 120u, null)]
    [InlineData("18000;duration=3600", 18000u, 3600u)]
    [InlineData("120 (I'm in a meeting; really)", 120u, null)]
    [InlineData("120 (x);duration=5", 120u, 5u)]
    [InlineData("949302838503028349304023988", uint.MaxValue, null)]
    public void RetryAfter_Value_IsRead(string value, uint seconds, uint? duration)
    {
        var header = TestMessages.ReadWith($"Retry-After: {value}").RetryAfter!;

        Assert.Equal((seconds, duration), (header.Seconds, header.DurationSeconds));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("5 minutes")]
    [InlineData("")]
    public void RetryAfter_Malformed_IsNull(string value) =>
        Assert.Null(TestMessages.ReadWith($"Retry-After: {value}").RetryAfter);

    [Fact]
    public void Warning_Values_AreRead()
    {
        var request = TestMessages.ReadWith(
            "Warning: 307 isi.edu \"Session, \\\"x\\\"\", 399 a.b:5060 \"y\", 1812 overture \"z\", 399 host y");

        Assert.Equal(
            [new WarningHeader(307, "isi.edu", "Session, \"x\""), new WarningHeader(399, "a.b:5060", "y")],
            request.Warnings);
        Assert.Equal("307 isi.edu \"Session, \\\"x\\\"\"", request.Warnings[0].ToString());
    }

    [Fact]
    public void Authorization_Digest_IsReadByName()
    {
        var request = TestMessages.ReadWith(
            "Authorization: Digest username=\"a, \\\"b\\\"\", realm=\"ims\",nonce=\"n=1\" , qop = auth,nc=00000001");
        var header = Assert.Single(request.Authorization);

        Assert.True(header.IsDigest);
        Assert.Equal(("a, \"b\"", "ims", "n=1", "auth", "00000001"),
            (header["username"], header["REALM"], header["nonce"], header["qop"], header["nc"]));
    }

    [Fact]
    public void Authorization_NameTwice_IsLeftOut() =>
        Assert.Empty(TestMessages.ReadWith("Authorization: Digest username=\"a\", username=\"b\"").Authorization);

    [Fact]
    public void Lists_OfTokens_AreSplit()
    {
        var request = TestMessages.ReadWith(
            "Require: a , b\nRequire: c\nk: path,gruu\nSupported:\nAllow: INVITE, ACK,");

        Assert.Equal(["a", "b", "c"], request.Require);
        Assert.Equal(["path", "gruu"], request.Supported);
        Assert.Equal(["INVITE", "ACK"], request.Allow);
    }

    [Fact]
    public void Accept_Ranges_TakeTypes()
    {
        var request = TestMessages.ReadWith("Accept: text/*;q=0.5, Application/SDP;level=1");

        Assert.Equal(["text/*", "application/sdp"], request.Accept.Select(a => a.Name));
        Assert.Equal([500, 1000], request.Accept.Select(a => a.QualityPerMille));
        Assert.True(MediaType.TryParse("text/plain;charset=UTF-8", out var plain));
        Assert.Equal("UTF-8", plain.Charset);
        Assert.True(request.Accept[0].Takes(plain));
        Assert.False(request.Accept[1].Takes(plain));
    }

    [Fact]
    public void Event_AndSubscriptionState_AreRead()
    {
        var request = TestMessages.ReadWith(
            "o: conference;id=7\nSubscription-State: Terminated;reason=timeout;retry-after=5");

        Assert.Equal(("conference", "7"), (request.Event!.Package, request.Event.Id));
        Assert.True(request.SubscriptionState!.IsTerminated);
        Assert.Equal(("timeout", 5u), (request.SubscriptionState.Reason, request.SubscriptionState.RetryAfter));
    }

    [Fact]
    public void Headers_EnumeratedAndByText_AreAll()
    {
        var request = TestMessages.ReadWith("X-One: a, \"b, c\", <d, e>\nx-one: f");
        var names = new List<string>();
        foreach (var line in request.Headers) names.Add(Encoding.ASCII.GetString(line.NameText));
        var values = new List<string>();
        foreach (var value in request.Headers.Values("X-ONE")) values.Add(Encoding.ASCII.GetString(value));

        Assert.Equal(
            ["Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "X-One", "x-one", "Content-Length"], names);
        Assert.Equal(["a", "\"b, c\"", "<d, e>", "f"], values);
        Assert.Equal(["7 OPTIONS"], request.Headers.Lines(SipHeaderName.CSeq));
        Assert.Equal("c1@example.com", request.Headers.GetText("call-id"));
    }

    [Theory]
    [InlineData("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", true)]
    [InlineData("SIP/2.0/UDP 192.0.2.1;branch=Z9HG4BK1", true)]
    [InlineData("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK", false)]
    [InlineData("SIP/2.0/UDP 192.0.2.1;branch=390skdjuw", false)]
    [InlineData("SIP/2.0/UDP 192.0.2.1", false)]
    public void Via_Branch_NamesATransactionOnlyBehindTheCookie(string value, bool isUnique)
    {
        Assert.True(ViaHeader.TryParse(Encoding.ASCII.GetBytes(value), out var via));
        Assert.Equal(isUnique, via.HasUniqueBranch);
    }

    [Fact]
    public void Via_WithWhiteSpaceEverywhere_IsRead()
    {
        var value = "SIP  /  2.0 / tcp   [2001:DB8::1] : 5062 ; rport ; Branch = x ;i=4"u8;
        Assert.True(ViaHeader.TryParse(value, out var via));

        Assert.Equal(("TCP", "[2001:DB8::1]", (int?)5062), (via.Transport, via.Host, via.Port));
        Assert.Equal(("x", true, (int?)null), (via.Branch, via.HasRPort, via.RPort));
        Assert.Equal("[2001:db8::1]:5062", via.SentBy);
        Assert.Equal("SIP/2.0/TCP [2001:DB8::1]:5062;rport;Branch=x;i=4", via.ToString());
    }

    [Fact]
    public void NameAddress_List_TellsWhetherAllAreGood()
    {
        Assert.True(NameAddress.TryParseList("<sip:a@b>, \"x\" <sip:c@d>;p=1"u8, out var addresses));
        Assert.Equal(2, addresses.Count);
        Assert.False(NameAddress.TryParseList("<sip:a@b>, nonsense"u8, out addresses));
        Assert.Single(addresses);
        Assert.False(NameAddress.TryParseList(""u8, out _));
    }

    [Fact]
    public void NameAddress_EscapedNulInDisplayName_IsNotSentOn()
    {
        var request = TestMessages.Read(TestMessages.OptionsWhere(
            "To: <sip:conf-1@conf.example>", "To: \"BEL:\\\u0007 NUL:\\\0\" <sip:a@b>"));

        Assert.Equal("BEL:\u0007 NUL:\0", request.To!.DisplayName);
        Assert.Equal("\"BEL:\u0007 NUL: \" <sip:a@b>", request.To.ToString());
    }
}
