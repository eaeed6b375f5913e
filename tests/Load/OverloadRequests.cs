using System.Buffers.Text;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;

namespace Load;

/// <summary>One MESSAGE per sender, rendered beforehand; a send only writes its number into some places.</summary>
internal sealed class OverloadRequests
{
    /// <summary>All numbers have nine digits, so that no length changes.</summary>
    internal const int FirstNumber = 100_000_000;

    private const int Digits = 9;
    private static readonly byte[] Placeholder = Encoding.ASCII.GetBytes("987654321");

    private readonly (byte[] Message, int[] Places)[] _templates;
    private readonly OverloadPeople _people;

    internal OverloadRequests(OverloadPeople people, IPEndPoint from, string transport, int bodyBytes)
    {
        _people = people;
        _templates = new (byte[], int[])[people.Conferences * people.Senders];
        for (var i = 0; i < _templates.Length; i++)
        {
            var (conference, member) = Author(i);
            var message = Render(conference, member, from, transport, bodyBytes);
            _templates[i] = (message, Places(message));
        }
    }

    /// <summary>Who sends the request with this number, counted from 0: one conference after the other, so that the
    /// load is even.</summary>
    internal (int Conference, int Member) Author(int index) =>
        (index % _people.Conferences, index / _people.Conferences % _people.Senders);

    /// <summary>The request with this number, counted from 0; good until the next call for the same sender.</summary>
    internal ReadOnlySpan<byte> Write(int index)
    {
        var (message, places) = _templates[index % _templates.Length];
        foreach (var place in places)
            Utf8Formatter.TryFormat(FirstNumber + index, message.AsSpan(place, Digits), out _);
        return message;
    }

    /// <summary>What puts the sender's mark on the page, before it is drawn anew again and again.</summary>
    internal static byte[] FirstMark(int member) => RequestWriter.Write(
        new ConferenceRequest("first", new Operate(new PageRef("load", 1), [new AddMark(Mark(member, "-"))])));

    private static byte[] Render(int conference, int member, IPEndPoint from, string transport, int bodyBytes)
    {
        var number = Encoding.ASCII.GetString(Placeholder);
        byte[] body;
        var padding = 0;
        do
        {
            var text = $"pb1;seq={number};{new string('x', padding)}";
            var operations = ImmutableArray.Create<MarkOperation>(new ModifyMark(Mark(member, text)));
            body = RequestWriter.Write(
                new ConferenceRequest($"r-{number}", new Operate(new PageRef("load", 1), operations)));
            padding += Math.Max(1, bodyBytes - body.Length);
        }
        while (body.Length < bodyBytes);

        var target = OverloadPeople.Conference(conference);
        var sender = OverloadPeople.Member(conference, member);
        byte[] head = Encoding.ASCII.GetBytes(
            $"MESSAGE {target} SIP/2.0\r\n"
            + $"Via: SIP/2.0/{transport} {from};branch=z9hG4bKload{number};rport\r\n"
            + $"Max-Forwards: 70\r\nFrom: <{sender}>;tag={number}\r\nTo: <{target}>\r\n"
            + $"Call-ID: {number}@{from.Address}\r\nCSeq: 1 MESSAGE\r\nP-Asserted-Identity: <{sender}>\r\n"
            + $"Content-Type: application/vnd.ims-conference+xml\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. head, .. body];
    }

    private static Mark Mark(int member, string text) => new()
    {
        Id = $"s{member}", Kind = MarkKind.Text, Points = [new PagePoint(1, 1), new PagePoint(20_000, 4_000)],
        Text = text,
    };

    private static int[] Places(ReadOnlySpan<byte> message)
    {
        var places = new List<int>();
        for (var at = 0; message[at..].IndexOf(Placeholder) is >= 0 and var next; at += next + Digits)
            places.Add(at + next);
        return [.. places];
    }
}
