using System.Text;
using CsCheck;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

/// <summary>What is written is read back as the same record, for any record.</summary>
public class RoundTripTests
{
    [Fact]
    public void Request_Any_ReadsBackAsWritten() => Generated.Request.Sample(
        request =>
        {
            var bytes = RequestWriter.Write(request);
            var outcome = RequestReader.TryRead(bytes, ProtocolLimits.Default, out var read, out var fault);
            Assert.True(outcome == ReadOutcome.Ok, $"{fault} in {Encoding.UTF8.GetString(bytes)}");
            Assert.Equal(Dump.Of(request), Dump.Of(read));
        },
        iter: 2000);

    [Fact]
    public void RequestOwned_Any_ReadsBackAsWritten() => Generated.Request.Sample(
        request =>
        {
            var bytes = RequestWriter.Write(request);
            Assert.Equal(
                ReadOutcome.Ok, RequestReader.TryReadOwned(bytes, ProtocolLimits.Default, out var owned, out _));
            using (owned) Assert.Equal(Dump.Of(request), Dump.Of(owned!.Request));
        },
        iter: 500);

    [Fact]
    public void EventFragment_Any_ReadsBackAsWritten() => Generated.Event.Sample(
        one =>
        {
            var fragment = EventWriter.WriteFragment(one);
            Assert.True(EventReader.TryReadFragment(fragment, out var read), Encoding.UTF8.GetString(fragment));
            Assert.Equal(Dump.Of(one), Dump.Of(read));
            Assert.Equal(fragment, EventWriter.WriteFragment(read));
        },
        iter: 2000);

    [Fact]
    public void ServerMessage_Any_ReadsBackAsWritten() => Generated.Message.Sample(
        message =>
        {
            var bytes = ServerMessageWriter.Write(message);
            var outcome = ServerMessageReader.TryRead(bytes, ProtocolLimits.Default, out var read, out var fault);
            Assert.True(outcome == ReadOutcome.Ok, $"{fault} in {Encoding.UTF8.GetString(bytes)}");
            Assert.Equal(Dump.Of(message), Dump.Of(read));
        },
        iter: 1000);

    [Theory]
    [InlineData("<script>alert('x')</script>")]
    [InlineData("]]>")]
    [InlineData("a]]&gt;b & c \"d\" 'e'")]
    [InlineData("😀 👩‍👩‍👧 𝄞")]
    [InlineData("会议文件，第一页")]
    [InlineData("one\r\ntwo\nthree\rfour\tfive ")]
    [InlineData("  leading and trailing  ")]
    public void Text_Awkward_ReadsBackAsWritten(string text)
    {
        var request = new ConferenceRequest("r", new Say(text));
        RequestReader.TryRead(RequestWriter.Write(request), ProtocolLimits.Default, out var read, out _);
        Assert.Equal(request, read);

        var said = new ConferenceEvent(
            1, ParticipantUri.Parse("sip:a@b.c"), "r", DateTimeOffset.UnixEpoch, new ChatSaid(text));
        EventReader.TryReadFragment(EventWriter.WriteFragment(said), out var readEvent);
        Assert.Equal(said, readEvent);
    }

    [Theory]
    [InlineData("a\u0000b", "a\uFFFDb")]
    [InlineData("a\u001Bb", "a\uFFFDb")]
    [InlineData("a\uFFFE", "a\uFFFD")]
    public void Text_ThatXmlCannotCarry_IsWrittenAsReplacement(string text, string expected)
    {
        var bytes = RequestWriter.Write(new ConferenceRequest("r", new Say(text)));
        RequestReader.TryRead(bytes, ProtocolLimits.Default, out var read, out _);
        Assert.Equal(new Say(expected), read!.Action);
    }

    [Fact]
    public void Text_WithLoneSurrogates_IsWrittenAsReplacement()
    {
        var bytes = RequestWriter.Write(new ConferenceRequest("r", new Say($"a{'\uD83D'}b{'\uDE00'}")));
        RequestReader.TryRead(bytes, ProtocolLimits.Default, out var read, out _);
        Assert.Equal(new Say("a\uFFFDb\uFFFD"), read!.Action);
    }
}
