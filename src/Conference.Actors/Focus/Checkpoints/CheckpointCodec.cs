using System.Security.Cryptography;
using Conference.Protocol;

namespace Conference.Actors.Focus;

/// <summary>The state of a conference as bytes, so that opening it need not replay every event.</summary>
/// <remarks>
/// Little-endian, strings as UTF-8 with a 7-bit-encoded length (<see cref="BinaryWriter"/>), counts as 7-bit-encoded
/// integers, times as UTC ticks, an optional value after a byte 1 (0: none). In this order:
/// <code>
/// "CFCP"  version (byte, 1)
/// conference URI, revision, subject?, default rights, open, created at, changed at, ended
/// roster:     count, then participant, display name?, role, rights, wants own events
/// hands:      count, then participant, rights
/// documents:  count, then id, name, page count, sharer, revision, pages (count, then descriptor, cached)
/// current page?
/// marks:      count, then mark table: every mark that a board or an undo history names, once
/// boards:     count, then page, digest, count, indexes into the mark table
/// histories:  count, then author, done (count, edits), undone (count, edits)
///             edit = page, count, then mark id, index before + 1 (0: none), index after + 1
/// turns:      count, then page, requester, request id, revision, since
/// saves:      count, then requester, request id, revision, since
/// requests:   count, then author, count, then id, revision, content hash; oldest first
/// SHA-256 of everything before, first 8 bytes
/// </code>
/// A reader that meets another version, or a wrong hash, says so with null; the events are the truth.
/// </remarks>
public static class CheckpointCodec
{
    internal const byte Version = 1;
    internal const int HashBytes = 8;

    internal static ReadOnlySpan<byte> Magic => "CFCP"u8;

    /// <summary>Writes a state.</summary>
    public static byte[] Write(ConferenceState state)
    {
        using var stream = new MemoryStream(1_024);
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Version);
            new CheckpointWriter(writer).Write(state);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length), hash);
        stream.Write(hash[..HashBytes]);
        return stream.ToArray();
    }

    /// <summary>Reads a state; null when the bytes are not a checkpoint of this conference in this version.</summary>
    public static ConferenceState? TryRead(ReadOnlyMemory<byte> bytes, ConferenceUri conference, StateLimits limits)
    {
        if (bytes.Length < Magic.Length + 1 + HashBytes || !bytes.Span.StartsWith(Magic)) return null;
        if (bytes.Span[Magic.Length] != Version) return null;
        var content = bytes[..^HashBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content.Span, hash);
        if (!hash[..HashBytes].SequenceEqual(bytes.Span[^HashBytes..])) return null;
        try
        {
            using var stream = new MemoryStream(content[(Magic.Length + 1)..].ToArray(), writable: false);
            using var reader = new BinaryReader(stream);
            var state = new CheckpointReader(reader).Read(limits);
            return state.Uri == conference ? state : null;
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException
            or IndexOutOfRangeException)
        {
            return null; // the hash was right: written by another program, or a bug
        }
    }
}
