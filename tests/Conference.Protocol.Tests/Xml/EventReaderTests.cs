using System.Text;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

public class EventReaderTests
{
    /// <summary>A fragment as version 1 wrote it into stores. Never change it: change the reader until it passes.
    /// </summary>
    private const string Stored =
        """<event revision="12" author="sip:bob@example.org" request="b-2" at="2026-11-23T09:00:16.007Z">"""
        + """<board-changed document="report" page="1" cause="operation" """
        + """digest="0000000000000000000000000000000000000000000000000000000000000000">"""
        + """<put order="786432" id="a-1" kind="line" points="1000,2000 6000,2000" color="#ff0000ff" width="300"/>"""
        + """<put owner="tel:+15550001" order="786433" id="a-2" kind="text" points="0,0 1,1">a &amp; b</put>"""
        + """<drop id="a-3"/></board-changed></event>""";

    [Fact]
    public void Fragment_StoredByVersionOne_IsReadAndWrittenTheSame()
    {
        Assert.True(EventReader.TryReadFragment(Encoding.UTF8.GetBytes(Stored), out var one));
        var changed = Assert.IsType<BoardChanged>(one.Body);
        Assert.Equal(3, changed.Changes.Length);
        Assert.Equal(one.Author, Assert.IsType<PutMark>(changed.Changes[0]).Placed.Owner);
        Assert.Equal("a & b", Assert.IsType<PutMark>(changed.Changes[1]).Placed.Mark.Text);
        Assert.Equal(Stored, Encoding.UTF8.GetString(EventWriter.WriteFragment(one)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<event/>")]
    [InlineData("<other revision='1'/>")]
    [InlineData("<event revision='1' author='sip:a@b.c' at='2026-11-23T00:00:00.000Z'><danced/></event>")]
    [InlineData("<event revision='0' author='sip:a@b.c' at='2026-11-23T00:00:00.000Z'><ended/></event>")]
    [InlineData("<event revision='1' author='sip:a@b.c' at='yesterday'><ended/></event>")]
    [InlineData("<event revision='1' author='sip:a@b.c' at='2026-11-23T00:00:00.000Z'><ended/></event")]
    public void Fragment_DamagedOrUnknown_IsNotRead(string fragment) =>
        Assert.False(EventReader.TryReadFragment(Encoding.UTF8.GetBytes(fragment), out _));

    [Fact]
    public void Fragment_BeyondTheDefaultLimits_IsReadBack()
    {
        var author = ParticipantUri.Parse("sip:a@b.c");
        var members = Enumerable.Range(0, 25_000).Select(i => new RosterEntry(
            ParticipantUri.Parse($"sip:m{i}@example.org"), new string('n', 300), Role.Observer, Rights.None));
        var one = new ConferenceEvent(1, author, "r", DateTimeOffset.UnixEpoch, new MembersJoined([.. members]));
        Assert.True(EventReader.TryReadFragment(EventWriter.WriteFragment(one), out var read));
        Assert.Equal(25_000, Assert.IsType<MembersJoined>(read.Body).Members.Length);
    }

    [Fact]
    public void Notification_WithAnEventOfALaterVersion_LeavesItOut()
    {
        var xml = "<notification xmlns='urn:ims-conference:sharing:1' conference='sip:c@b.c' from='1' to='2'>"
            + "<event revision='1' author='sip:a@b.c' at='2026-11-23T00:00:00.000Z'><danced tempo='3'/></event>"
            + "<event revision='2' author='sip:a@b.c' at='2026-11-23T00:00:00.000Z'><later/><ended/></event>"
            + "</notification>";
        ServerMessageReader.TryRead(Encoding.UTF8.GetBytes(xml), ProtocolLimits.Default, out var message, out _);
        var notification = Assert.IsType<Notification>(message);
        Assert.Equal((1, 2), (notification.FromRevision, notification.ToRevision));
        Assert.Equal(new ConferenceEnded(), Assert.Single(notification.Events).Body);
    }
}
