using System.Text;
using AppServer.FrontDoor.Admission;
using Conference.Protocol.Xml;
using Xunit;

namespace AppServer.Tests.FrontDoor.Admission;

public sealed class SteeringActionsTests
{
    private const string Ours = MediaTypes.Namespace;

    [Theory]
    [InlineData("join", true)]
    [InlineData("leave", true)]
    [InlineData("invite", true)]
    [InlineData("remove", true)]
    [InlineData("end", true)]
    [InlineData("set-role", true)]
    [InlineData("set-default-rights", true)]
    [InlineData("request-rights", true)]
    [InlineData("grant-rights", true)]
    [InlineData("revoke-rights", true)]
    [InlineData("share-document", true)]
    [InlineData("share-page", true)]
    [InlineData("page-unavailable", true)]
    [InlineData("close-document", true)]
    [InlineData("turn", true)]
    [InlineData("resync", true)]
    [InlineData("fetch-page", true)]
    [InlineData("save", true)]
    [InlineData("operate", false)]
    [InlineData("undo", false)]
    [InlineData("redo", false)]
    [InlineData("move-pointer", false)]
    [InlineData("say", false)]
    [InlineData("create", false)] // goes to the factory
    [InlineData("turns", false)]
    public void Action_ByItsName(string name, bool expected)
    {
        Assert.Equal(expected, Contains($"<request xmlns=\"{Ours}\" id=\"1\"><{name}/></request>"));
        Assert.Equal(
            expected, Contains($"<c:request xmlns:c='{Ours}' id='1'>\n <c:{name} a='1'></c:{name}></c:request>"));
    }

    [Theory]
    [InlineData("<?xml version='1.0'?><!-- <operate> --><request id='1'><turn/></request>", true)]
    [InlineData("<request id='>'><!-- > --><?a <b> ?> <turn page='>'/></request>", true)]
    [InlineData("\uFEFF<request id='1'>text<turn/></request>", true)]
    [InlineData("<request id='1'><!-- <turn/> --><operate/></request>", false)]
    [InlineData("<request id='1'><?a <turn/> ?><operate/></request>", false)]
    [InlineData("<request id='<turn/>'><operate/></request>", false)]
    [InlineData("<request id='1' a=\"'><turn/>\" b=''><operate/></request>", false)]
    [InlineData("<request id='1'><![CDATA[<turn/>]]><operate/></request>", false)]
    [InlineData("<!DOCTYPE request [<!ENTITY a '<turn/>'>]><request id='1'><turn/></request>", false)]
    public void Action_IsTheFirstElementInTheRoot(string body, bool expected) => Assert.Equal(expected, Contains(body));

    [Theory] // the reader skips the first element, and finds a drawing
    [InlineData("<request xmlns='u' id='1'><x:turn xmlns:x='v'/><operate/></request>")]
    [InlineData("<request xmlns='u' id='1'><turn xmlns='v'/><operate/></request>")]
    [InlineData("<c:request xmlns:c='u' xmlns='v' id='1'><turn/><c:operate/></c:request>")]
    [InlineData("<request xmlns='u' id='1'><x:a xmlns:x='v'><turn/></x:a><operate/></request>")]
    public void ElementOfAnotherNamespace_IsNoAction(string body) => Assert.False(Contains(body));

    [Fact]
    public void DrawingBehindALongComment_IsNotTakenForSteering() => Assert.False(
        Contains($"<request id='1'><!--{new string('x', 2_000)}--><operate/></request>"));

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("<request")]
    [InlineData("<request>")]
    [InlineData("<request/>")]
    [InlineData("<request id='1")]
    [InlineData("<request><turn")]
    [InlineData("<request><turn a=\"")]
    [InlineData("<request><!--")]
    [InlineData("<request><?")]
    [InlineData("</request>")]
    [InlineData("turn")]
    public void BodyThatEndsEarly_HoldsNone(string body) => Assert.False(Contains(body));

    [Fact]
    public void Look_AllocatesNothing()
    {
        var body = Encoding.UTF8.GetBytes($"<request xmlns=\"{Ours}\" id=\"1\"><turn/></request>");
        SteeringActions.Contains(body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) SteeringActions.Contains(body);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static bool Contains(string body) => SteeringActions.Contains(Encoding.UTF8.GetBytes(body));
}
