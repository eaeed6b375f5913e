namespace AppServer.Admin;

/// <summary>A member in a create request, or a member as shown.</summary>
public sealed record MemberDto
{
    /// <summary>Public identity, such as sip:alice@conference.example.</summary>
    public string Uri { get; init; } = "";

    /// <summary>observer, participant, presenter or chair.</summary>
    public string Role { get; init; } = "participant";

    /// <summary>Shown to others; null for none.</summary>
    public string? DisplayName { get; init; }
}

/// <summary>POST /admin/v1/conferences, and one entry of config/conferences.json.</summary>
public sealed record ConferenceDto
{
    /// <summary>1 to 40 of a-z 0-9 and -: the address is sip:conf-NAME@domain. Null for an unguessable one.</summary>
    public string? Name { get; init; }

    /// <summary>Up to 256 characters; null for none.</summary>
    public string? Subject { get; init; }

    /// <summary>Public identity of the first chair.</summary>
    public string Chair { get; init; } = "";

    /// <summary>Members besides the chair.</summary>
    public IReadOnlyList<MemberDto> Members { get; init; } = [];

    /// <summary>What a participant may do: share, draw, turn, editOthers, manage.</summary>
    public IReadOnlyList<string> DefaultRights { get; init; } = ["draw"];

    /// <summary>Whether anybody authenticated may join.</summary>
    public bool IsOpen { get; init; }
}

/// <summary>Answer to a create request.</summary>
public sealed record CreatedDto(string Uri, long Revision);

/// <summary>One line of the list.</summary>
public sealed record ConferenceLineDto(string Uri, long Revision);

/// <summary>One page of the list. <paramref name="Next"/> is the value of <c>after</c> for the next one.</summary>
public sealed record ConferencePageDto(IReadOnlyList<ConferenceLineDto> Conferences, string? Next);

/// <summary>A member as shown.</summary>
public sealed record RosterDto(string Uri, string? DisplayName, string Role, IReadOnlyList<string> Rights);

/// <summary>A document as shown.</summary>
public sealed record DocumentDto(
    string Id, string Name, int PageCount, string Sharer, IReadOnlyList<PageDto> CachedPages);

/// <summary>A page in the cache.</summary>
public sealed record PageDto(int Number, int Width, int Height, string MediaType, int Bytes, string Digest);

/// <summary>How far one member is.</summary>
public sealed record DeliveryDto(string Uri, long Cursor, string State, int LastStatus, int Attempts);

/// <summary>GET /admin/v1/conferences/{id}.</summary>
public sealed record ConferenceDetailDto(
    string Uri, string? Subject, long Revision, bool HasEnded, DateTimeOffset CreatedAt, string? CurrentPage,
    IReadOnlyList<RosterDto> Roster, IReadOnlyList<DocumentDto> Documents, IReadOnlyList<DeliveryDto> Deliveries);
