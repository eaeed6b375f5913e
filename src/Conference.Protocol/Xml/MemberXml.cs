using System.Collections.Immutable;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Protocol.Xml;

/// <summary>The element <c>member</c>, of requests and of events.</summary>
internal static class MemberXml
{
    internal static Utf8XmlWriter Invitees(this Utf8XmlWriter xml, ImmutableArray<Invitee> members)
    {
        foreach (var member in members)
        {
            xml.Start("member").Attribute("uri", member.Participant.Value);
            if (member.Role != Role.Participant) xml.Attribute("role", Words.Of(member.Role));
            xml.Attribute("name", member.DisplayName).End("member");
        }

        return xml;
    }

    internal static Utf8XmlWriter Roster(this Utf8XmlWriter xml, ImmutableArray<RosterEntry> members)
    {
        foreach (var member in members) xml.Member(member);
        return xml;
    }

    internal static Utf8XmlWriter Member(this Utf8XmlWriter xml, RosterEntry member) => xml
        .Start("member").Attribute("uri", member.Participant.Value)
        .Attribute("role", Words.Of(member.Role)).Attribute("rights", Words.Of(member.Rights))
        .Attribute("name", member.DisplayName).Flag("own-events", member.WantsOwnEvents).End("member");

    /// <summary>Reads the children of the current element.</summary>
    internal static ImmutableArray<Invitee> Invitees(this BodyReader body) => body.Members(
        static body => new Invitee(
            body.Participant("uri"), body.Has("role") ? body.Role("role") : Role.Participant, body.LineOrNull("name")));

    /// <summary>Reads the children of the current element.</summary>
    internal static ImmutableArray<RosterEntry> Roster(this BodyReader body) => body.Members(Member);

    internal static RosterEntry Member(this BodyReader body) => new(
        body.Participant("uri"), body.LineOrNull("name"), body.Role("role"), body.Rights("rights"),
        body.Flag("own-events"));

    private static ImmutableArray<T> Members<T>(this BodyReader body, Func<BodyReader, T> read)
    {
        var members = ImmutableArray.CreateBuilder<T>();
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            if (body.Name != "member") continue;
            if (members.Count >= body.Limits.MembersMax) body.Fail(ReadFaultReason.TooManyMembers);
            members.Add(read(body));
        }

        return members.DrainToImmutable();
    }
}
