using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;

namespace Load;

/// <summary>The requests that the driver sends.</summary>
internal static class Bodies
{
    private static readonly PageRef Page = new("load", 1);

    /// <summary>How an event of <see cref="Operation"/>, <see cref="Turn"/> or <see cref="Invite"/> begins to name its
    /// request; its number follows.</summary>
    internal static ReadOnlySpan<byte> RequestPrefix => "request=\"op-"u8;

    /// <summary>Announces the document that is drawn on.</summary>
    internal static byte[] Document() =>
        RequestWriter.Write(new ConferenceRequest("doc", new ShareDocument("load", "load.pdf", 10)));

    /// <summary>A line of chat.</summary>
    internal static byte[] Chat(int number) =>
        RequestWriter.Write(new ConferenceRequest(
            string.Create(CultureInfo.InvariantCulture, $"say-{number}"), new Say("good morning")));

    /// <summary>A line of chat with the number of the event in it, padded to about so many bytes.</summary>
    internal static byte[] Line(int number, int bytes)
    {
        const int OverheadBytes = 130;
        return RequestWriter.Write(new ConferenceRequest(
            string.Create(CultureInfo.InvariantCulture, $"line-{number}"),
            new Say(Pad(number, Math.Max(0, bytes - OverheadBytes)))));
    }

    /// <summary>Its page, with so many bytes of content.</summary>
    internal static byte[] SharePage(int bytes, string document = "load", int number = 1)
    {
        // A PNG by its first bytes; the rest is noise, which no compression helps against.
        var content = new byte[bytes];
        new Random(number).NextBytes(content);
        byte[] header =
        [
            0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a,
            0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 3, 0x20, 0, 0, 4, 0x60,
            8, 2, 0, 0, 0,
        ];
        header.CopyTo(content.AsSpan());
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        var page = new PageDescriptor(new PageRef(document, number), 800, 1120, "image/png", bytes, digest);
        return RequestWriter.Write(
            new ConferenceRequest($"page-{document}-{number}", new SharePage(page, 1, 1, content)));
    }

    /// <summary>One freehand mark with the number of the event in a text beside it, of about so many bytes.</summary>
    internal static byte[] Operation(int number, int bytes)
    {
        var text = new Mark
        {
            Id = $"t{number}", Kind = MarkKind.Text, Points = [new PagePoint(1, 1), new PagePoint(20_000, 4_000)],
            Text = $"pb1;seq={number};",
        };
        // Before the mark is drawn again it is removed: the board does not grow while it is measured.
        var operations = ImmutableArray.CreateBuilder<MarkOperation>();
        if (number > 20) operations.Add(new DeleteMarks([$"t{number - 20}"]));
        operations.Add(new AddMark(text));
        var points = ImmutableArray.CreateBuilder<PagePoint>();
        byte[] body;
        do
        {
            var across = (number * 37 + points.Count * 211) % PagePoint.Max;
            points.Add(new PagePoint(across, points.Count * 97 % PagePoint.Max));
            var drawn = text with { Kind = MarkKind.Text, Text = Pad(number, points.Count * 8) };
            operations[^1] = new AddMark(drawn);
            body = RequestWriter.Write(new ConferenceRequest(
                Id(number), new Operate(Page, operations.ToImmutable())));
        }
        while (body.Length < bytes);

        return body;
    }

    /// <summary>A line of text with the number of the event, of so many bytes.</summary>
    internal static byte[] Text(int number, int bytes) =>
        Encoding.ASCII.GetBytes(Pad(number, 0).PadRight(bytes, 'x'));

    /// <summary>Turns everybody to a page.</summary>
    internal static byte[] Turn(int number, int page) =>
        RequestWriter.Write(new ConferenceRequest(Id(number), new TurnPage(new PageRef("load", page))));

    /// <summary>Makes somebody a member.</summary>
    internal static byte[] Invite(int number, string name) =>
        RequestWriter.Write(new ConferenceRequest(
            Id(number), new InviteMembers([new Invitee(ParticipantUri.Parse($"sip:{name}@conf.example"))])));

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"op-{number}");

    private static string Pad(int number, int length) =>
        new StringBuilder().Append(CultureInfo.InvariantCulture, $"pb1;seq={number};").Append('x', length).ToString();
}
