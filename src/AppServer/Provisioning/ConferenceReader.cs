using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using AppServer.Admin;
using AppServer.FrontDoor;
using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Requests;

namespace AppServer.Provisioning;

/// <summary>Turns a conference as an operator writes it into the command that makes it.</summary>
public sealed class ConferenceReader
{
    private const int SubjectCharactersMax = 256;
    private const string RoleNames = "observer, participant, presenter or chair";

    private static readonly ImmutableArray<Rights> SingleRights =
        [Rights.Share, Rights.Draw, Rights.Turn, Rights.EditOthers, Rights.Manage];

    private readonly ConferenceUris _uris;
    private readonly DomainNames _domains;
    private readonly int _membersMax;

    /// <summary>Puts it together.</summary>
    public ConferenceReader(ConferenceUris uris, DomainNames domains, FocusOptions focus)
    {
        _membersMax = focus.MembersMax;
        _uris = uris;
        _domains = domains;
    }

    /// <summary>Reads and checks all of a conference.</summary>
    /// <param name="dto">As written.</param>
    /// <param name="requestId">Null takes one from the content, so that the same content is the same request (R3).
    /// </param>
    /// <param name="faults">Everything wrong with it, one line each.</param>
    /// <returns>Null when there are faults.</returns>
    public ConferenceCommand? TryRead(ConferenceDto? dto, string? requestId, out ImmutableArray<string> faults)
    {
        var found = ImmutableArray.CreateBuilder<string>();

        // JSON may say null where the records do not: an operator's slip, not a bug of ours.
        if (dto?.Members is null || dto.DefaultRights is null || dto.Chair is null
            || dto.Members.Any(member => member?.Uri is null || member.Role is null)
            || dto.DefaultRights.Any(name => name is null))
        {
            faults = ["null stands where a value must be"];
            return null;
        }

        if (dto.Name is not null && !ConferenceUris.IsName(dto.Name))
            found.Add($"name = '{Shorten(dto.Name)}': must be 1 to 40 of a-z 0-9 and -");
        if (dto.Subject is { Length: > SubjectCharactersMax })
            found.Add($"subject: must have at most {SubjectCharactersMax} characters");
        if (dto.Subject?.Any(char.IsControl) is true) found.Add("subject: must not hold control characters");
        if (dto.Members.Count > _membersMax) found.Add($"members: must be at most {_membersMax}");
        var chair = ReadUri("chair", dto.Chair, found);
        var members = ImmutableArray.CreateBuilder<Invitee>();
        members.Add(new Invitee(chair, Role.Chair)); // an operator is no member: the chair is named
        for (var i = 0; i < Math.Min(dto.Members.Count, _membersMax); i++)
        {
            var member = dto.Members[i];
            var uri = ReadUri($"members[{i}].uri", member.Uri, found);
            if (!TryRole(member.Role, out var role))
                found.Add($"members[{i}].role = '{Shorten(member.Role)}': must be {RoleNames}");
            if (uri == chair) members[0] = members[0] with { DisplayName = member.DisplayName };
            else members.Add(new Invitee(uri, role, member.DisplayName));
        }

        var rights = Rights.None;
        foreach (var name in dto.DefaultRights)
        {
            if (TryRight(name, out var right)) rights |= right;
            else found.Add($"defaultRights = '{Shorten(name)}': must be share, draw, turn, editOthers or manage");
        }

        faults = found.ToImmutable();
        if (!faults.IsEmpty) return null;
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(dto));
        var id = requestId ?? "content-" + Convert.ToHexStringLower(hash.AsSpan(0, 16));
        var conference = dto.Name is null ? _uris.For(chair, id) : _uris.Named(dto.Name);
        var create = new CreateConference(dto.Subject, members.ToImmutable(), rights, dto.IsOpen);
        return new ConferenceCommand(
            conference, chair, new ConferenceRequest(id, create), BinaryPrimitives.ReadUInt64LittleEndian(hash))
        {
            IsOperator = true,
        };
    }

    /// <summary>The names of rights as the admin API writes them.</summary>
    internal static IReadOnlyList<string> NamesOf(Rights rights)
    {
        var names = new List<string>();
        foreach (var right in SingleRights)
        {
            if (rights.HasFlag(right)) names.Add(JsonNamingPolicy.CamelCase.ConvertName(right.ToString()));
        }

        return names;
    }

    private static bool TryRight(string name, out Rights right) =>
        Enum.TryParse(name, ignoreCase: true, out right) && Enum.IsDefined(right) && !char.IsAsciiDigit(name[0]);

    private static bool TryRole(string name, out Role role) =>
        Enum.TryParse(name, ignoreCase: true, out role) && Enum.IsDefined(role) && !char.IsAsciiDigit(name[0]);

    private ParticipantUri ReadUri(string field, string text, ImmutableArray<string>.Builder faults)
    {
        if (ParticipantUri.TryParse(text, out var uri)) return ParticipantUri.Parse(_domains.Normalise(uri.Value));
        faults.Add($"{field} = '{Shorten(text)}': must be a sip or tel URI with a user part");
        return default;
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
