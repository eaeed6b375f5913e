using Conference.Protocol;

namespace Conference.Actors.Ports;

/// <summary>Makes references by which one participant can fetch a blob over HTTP until they expire.</summary>
public interface IContentReferences
{
    /// <summary>A reference to a blob, or null when this server hands nothing out over HTTP.</summary>
    /// <param name="participant">Who may fetch it; part of the token.</param>
    /// <param name="digest">Which blob.</param>
    /// <param name="mediaType">What it is sent as.</param>
    /// <param name="fileName">Suggested name, null for none.</param>
    ContentReference? Make(ParticipantUri participant, string digest, string mediaType, string? fileName);
}

/// <summary>Where content can be fetched and until when.</summary>
public sealed record ContentReference(string Href, DateTimeOffset Expires);
