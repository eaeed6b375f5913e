using System.Collections.Immutable;
using System.Security.Cryptography;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;

namespace Benchmarks.Protocol;

internal static class ProtocolData
{
    internal static readonly ConferenceUri Uri = ConferenceUri.Parse("sip:conf-7f3a@conf.example");
    internal static readonly ParticipantUri Alice = ParticipantUri.Parse("sip:alice@ims.example");
    internal static readonly PageRef Page = new("plan", 1);

    internal static readonly Mark Line = new()
    {
        Id = "m1", Kind = MarkKind.Freehand,
        Points = [.. Enumerable.Range(0, 20).Select(i => new PagePoint(1000 + (i * 37), 2000 + (i * 53)))],
    };

    /// <summary>A drawing of about 300 bytes, as a participant sends it.</summary>
    internal static readonly byte[] Operation = RequestWriter.Write(
        new ConferenceRequest("r-1", new Operate(Page, [new AddMark(Line)])));

    internal static readonly byte[] PageBytes = RandomNumberGenerator.GetBytes(200_000);

    internal static readonly PageDescriptor Descriptor = new(
        Page, 800, 1120, "image/png", PageBytes.Length, Convert.ToHexStringLower(SHA256.HashData(PageBytes)));

    internal static readonly byte[] SharedPage = RequestWriter.Write(
        new ConferenceRequest("p-1", new SharePage(Descriptor, 1, 1, PageBytes)));

    internal static readonly ConferenceEvent Event = new(
        17, Alice, "r-1", DateTimeOffset.UnixEpoch.AddYears(56),
        new BoardChanged(
            Page, BoardChangeCause.Operation, [new PutMark(new PlacedMark(Line, Alice, 17 << 16))],
            new string('a', 64)));

    internal static readonly ImmutableArray<ReadOnlyMemory<byte>> Fragments = [EventWriter.WriteFragment(Event)];
}
