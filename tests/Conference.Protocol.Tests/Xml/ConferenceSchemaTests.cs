using System.Text;
using CsCheck;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

public class ConferenceSchemaTests
{
    private const string Head = "<request xmlns='urn:ims-conference:sharing:1' id='r'>";

    [Fact]
    public void Request_AnyWritten_IsValid() => Generated.Request.Sample(
        request => Assert.Null(SchemaCheck.FirstFault(Encoding.UTF8.GetString(RequestWriter.Write(request)))),
        iter: 500);

    [Fact]
    public void ServerMessage_AnyWritten_IsValid() => Generated.Message.Sample(
        message => Assert.Null(SchemaCheck.FirstFault(Encoding.UTF8.GetString(ServerMessageWriter.Write(message)))),
        iter: 500);

    [Fact]
    public void Event_AnyWritten_IsValidInsideANotification() => Generated.Event.Sample(
        one => Assert.Null(SchemaCheck.FirstFault(Encoding.UTF8.GetString(ServerMessageWriter.Write(
            new Notification(ConferenceUri.Parse("sip:c@b.c"), one.Revision, one.Revision, [one]))))),
        iter: 500);

    [Theory]
    [InlineData("<operate document='d' page='0'><clear/></operate></request>")]
    [InlineData("<operate document='d' page='1'><add id='m' kind='line' points='0,0 100001,0'/></operate></request>")]
    [InlineData("<share-document document='d e' name='n' pages='1'/></request>")]
    [InlineData("<turn document='d' page='+1'/></request>")]
    [InlineData("<resync since='+1'/></request>")]
    [InlineData("<operate document='d' page='1'><move ids='a' dx='+1' dy='0'/></operate></request>")]
    [InlineData("<undo/><redo/></request>")]
    [InlineData("<dance/></request>")]
    [InlineData("</request>")]
    public void Request_NotValid_IsNotValidByTheSchema(string rest) =>
        Assert.NotNull(SchemaCheck.FirstFault(Head + rest));

    /// <summary>What the reader refuses for want of an owner is not valid either.</summary>
    [Fact]
    public void Mark_InASnapshotWithoutOwner_IsNotValid()
    {
        var snapshot = "<snapshot xmlns='urn:ims-conference:sharing:1' conference='sip:c@b.c' revision='1' "
            + $"default-rights=''><board document='d' page='1' digest='{new string('0', 64)}'>"
            + "<mark order='1' id='m' kind='line' points='0,0 1,1'/></board></snapshot>";

        ServerMessageReader.TryRead(
            Encoding.UTF8.GetBytes(snapshot), ProtocolLimits.Default, out _, out var fault);

        Assert.Equal(ReadFaultReason.MissingAttribute, fault!.Reason);
        Assert.NotNull(SchemaCheck.FirstFault(snapshot));
        Assert.Null(SchemaCheck.FirstFault(snapshot.Replace(
            "<mark", "<mark owner='sip:a@b.c'", StringComparison.Ordinal)));
    }

    [Fact]
    public void Request_WithForeignElementsAndAttributes_IsValid() => Assert.Null(SchemaCheck.FirstFault(
        Head + "<turn document='d' page='1' x:a='1' xmlns:x='urn:x'><x:more/></turn>"
        + "<x:more xmlns:x='urn:x'/></request>"));
}
