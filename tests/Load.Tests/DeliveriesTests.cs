using System.Text;
using Xunit;

namespace Load.Tests;

public sealed class DeliveriesTests
{
    private readonly Deliveries _deliveries = new(events: 2, recipients: 2);
    private readonly List<int> _done = [];

    public DeliveriesTests() => _deliveries.EventDone += _done.Add;

    [Fact]
    public void Event_ThatAllHave_IsDone()
    {
        Arrive(number: 1, participant: 1, "a");
        Assert.Empty(_done);
        Arrive(number: 1, participant: 2, "b");

        Assert.Equal([1], _done);
        Assert.Equal(0, _deliveries.Missing(1));
        Assert.Equal(2, _deliveries.Missing(0));
    }

    [Fact]
    public void Event_ThatOneGetsAgain_IsMissedByTheOther()
    {
        Arrive(number: 0, participant: 1, "a");
        Arrive(number: 0, participant: 1, "a");

        Assert.Empty(_done);
        Assert.Equal(1, _deliveries.Missing(0) - _deliveries.Missing(1));
        Assert.Equal(1, _deliveries.Retransmitted(0));
        Assert.Equal(0, _deliveries.Surplus(0));
        Assert.Equal(1, _deliveries.Repeated);
    }

    [Fact]
    public void Event_InARequestOfItsOwn_CameTwice()
    {
        Arrive(number: 0, participant: 1, "a");
        Arrive(number: 0, participant: 1, "other");

        Assert.Equal(0, _deliveries.Retransmitted(0));
        Assert.Equal(1, _deliveries.Surplus(0));
        Assert.Equal(0, _deliveries.Surplus(1));
    }

    [Fact]
    public void Message_ThatBringsOneNewEvent_IsNoRepetition()
    {
        Arrive(number: 0, participant: 1, "a");
        _deliveries.Note(Message(1, "b", "pb1;seq=0;pb1;seq=1;"), now: 0);

        Assert.Equal(0, _deliveries.Repeated);
        Assert.Equal(1, _deliveries.Surplus(0));
        Assert.Equal(2, _deliveries.EventsDelivered);
    }

    [Fact]
    public void Message_OfVeryManyEvents_BringsAllOfThem()
    {
        var deliveries = new Deliveries(events: 1_000, recipients: 1);
        var body = string.Concat(Enumerable.Range(0, 1_000).Select(number => $"pb1;seq={number};"));

        deliveries.Note(Message(1, "a", body), now: 17);

        Assert.Equal(0, deliveries.Missing(0));
        Assert.Equal(17, deliveries.LastArrival);
    }

    [Fact]
    public void Message_WithoutAnEvent_IsNoRepetition()
    {
        _deliveries.Note(Message(1, "a", "hello"), now: 0);

        Assert.Equal((1L, 0L), (_deliveries.Messages, _deliveries.Repeated));
    }

    [Fact]
    public void Message_ToSomebodyElse_CountsByItself()
    {
        var message = Encoding.ASCII.GetBytes(
            "MESSAGE sip:m1@conf.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKa\r\n\r\npb1;seq=0;");
        _deliveries.Note(message, now: 0);
        _deliveries.Note(message, now: 0);

        Assert.Equal([0], _done);
    }

    [Theory]
    [InlineData("MESSAGE sip:+491700000001@conf.example SIP/2.0", 1)]
    [InlineData("MESSAGE sip:+491700010000@127.0.0.1:5060;transport=tcp SIP/2.0", 10_000)]
    [InlineData("MESSAGE sip:+49170001@conf.example SIP/2.0", 0)]
    [InlineData("MESSAGE sip:chair@conf.example SIP/2.0", 0)]
    [InlineData("SIP/2.0 200 OK", 0)]
    public void NumberOf_ARequest_IsItsParticipant(string line, int number) =>
        Assert.Equal(number, Participants.NumberOf(Encoding.ASCII.GetBytes(line)));

    private void Arrive(int number, int participant, string branch) =>
        _deliveries.Note(Message(participant, branch, $"pb1;seq={number};"), now: 0);

    internal static byte[] Message(int participant, string branch, string body) => Encoding.ASCII.GetBytes(
        $"MESSAGE sip:{Participants.Names(participant).Last()}@conf.example SIP/2.0\r\n"
        + $"Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{branch}\r\n\r\n{body}");
}
