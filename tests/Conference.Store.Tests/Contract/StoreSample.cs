using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Conference.Actors.Ports;
using Conference.Protocol;

namespace Conference.Store.Tests.Contract;

/// <summary>Data for store tests.</summary>
internal static class StoreSample
{
    public static ConferenceUri Conference(string name) => ConferenceUri.Parse($"sip:{name}@conf.example.org");

    public static ParticipantUri Participant(string name) => ParticipantUri.Parse($"sip:{name}@example.org");

    /// <summary>Events with revisions from..to, ids "alice m-revision" and payloads that name the revision.</summary>
    public static ImmutableArray<StoredEvent> Events(long from, long to, string author = "alice") =>
    [
        .. Enumerable.Range((int)from, (int)(to - from + 1))
            .Select(revision => Event(revision, $"{author} m-{revision}")),
    ];

    public static StoredEvent Event(long revision, string id, string? payload = null) =>
        new(revision, id, Encoding.UTF8.GetBytes(payload ?? $"<event r='{revision}'>标记</event>"));

    public static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Digest(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static string Text(this StoredEvent stored) => Encoding.UTF8.GetString(stored.Payload.Span);
}
