using System.Globalization;

namespace Load;

/// <summary>The conferences of the overload scenario and who is in them. Names have fixed lengths and tell both.
/// </summary>
/// <param name="Conferences">How many.</param>
/// <param name="Members">Of each, without its chair: as many get each event, since its author does not.</param>
internal sealed record OverloadPeople(int Conferences, int Members)
{
    private const int SendersMax = 100;

    /// <summary>Members of each conference who draw.</summary>
    internal int Senders => Math.Min(Members, SendersMax);

    internal static string Conference(int conference) => Invariant($"sip:conf-load-{conference:D5}@conf.example");

    internal static string Member(int conference, int member) =>
        Invariant($"sip:c{conference:D5}m{member:D5}@conf.example");

    /// <summary>The member with the last number is the chair.</summary>
    internal string Chair(int conference) => Member(conference, Members);

    /// <summary>Reads the numbers of a member from the start line of a MESSAGE to it.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> message, out int conference, out int member)
    {
        const int UserAt = 13; // "MESSAGE sip:c"
        conference = member = 0;
        return message.Length > UserAt + 11 && message.StartsWith("MESSAGE sip:c"u8)
            && int.TryParse(message.Slice(UserAt, 5), CultureInfo.InvariantCulture, out conference)
            && int.TryParse(message.Slice(UserAt + 6, 5), CultureInfo.InvariantCulture, out member);
    }

    /// <summary>As the provisioning file wants them.</summary>
    internal object[] ToProvision() =>
    [
        .. Enumerable.Range(0, Conferences).Select(conference => new
        {
            name = Invariant($"load-{conference:D5}"),
            chair = Chair(conference),
            members = Enumerable.Range(0, Members)
                .Select(member => new { uri = Member(conference, member), role = "participant" }).ToArray(),
        }),
    ];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
