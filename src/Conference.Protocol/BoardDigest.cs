using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Conference.Protocol;

/// <summary>Digest of the marks of one page (R6): XOR of the SHA-256 of each mark's canonical text.</summary>
/// <remarks>
/// The order in which marks come does not matter, and taking a mark away is the same as putting it: so both sides keep
/// the digest up to date with one hash per change. It shows divergence, not malice: the parties trust the server.
/// Canonical text, UTF-8, fields separated by one line feed, none at the end:
/// <code>
/// id LF owner LF order LF kind LF points LF color LF width LF image LF text
/// </code>
/// Kind is the word of the XML; points are <c>x,y</c> separated by one space; color is 8 lower-case hexadecimal digits
/// RRGGBBAA; image is <c>-</c>, or media type, space and SHA-256 of the picture; text is as it is, empty for none.
/// docs/protocol.md has a worked example.
/// </remarks>
public readonly struct BoardDigest : IEquatable<BoardDigest>
{
    private readonly ulong _a, _b, _c, _d;

    private BoardDigest(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>Of a page without marks: 64 zeros.</summary>
    public static BoardDigest Empty => default;

    /// <summary>Of these marks, each of which comes once.</summary>
    public static BoardDigest Of(IEnumerable<PlacedMark> marks)
    {
        var digest = Empty;
        foreach (var placed in marks) digest = digest.Toggle(placed);
        return digest;
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out BoardDigest digest)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        digest = default;
        if (!ContentDigest.IsDigest(text)) return false;
        if (Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        digest = FromBytes(bytes);
        return true;
    }

    /// <summary>SHA-256 of one mark's canonical text.</summary>
    public static byte[] OfMark(PlacedMark placed) => SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalText(placed)));

    /// <summary>The text that is hashed, see the remarks of the type.</summary>
    public static string CanonicalText(PlacedMark placed)
    {
        var mark = placed.Mark;
        var text = new StringBuilder(128 + (12 * mark.Points.Length) + (mark.Text?.Length ?? 0));
        text.Append(mark.Id).Append('\n').Append(placed.Owner.Value).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"{placed.Order}\n")
            .Append(Xml.Words.Of(mark.Kind)).Append('\n');
        for (var i = 0; i < mark.Points.Length; i++)
        {
            if (i > 0) text.Append(' ');
            text.Append(CultureInfo.InvariantCulture, $"{mark.Points[i].X},{mark.Points[i].Y}");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{mark.Color:x8}\n{mark.Width}\n");
        if (mark.Image is { } image)
        {
            text.Append(image.MediaType).Append(' ').Append(ContentDigest.OfHex(image.Content.AsSpan()));
        }
        else
        {
            text.Append('-');
        }

        return text.Append('\n').Append(mark.Text).ToString();
    }

    /// <summary>The digest after this mark came, or after it went.</summary>
    public BoardDigest Toggle(PlacedMark placed)
    {
        var mark = FromBytes(OfMark(placed));
        return new BoardDigest(_a ^ mark._a, _b ^ mark._b, _c ^ mark._c, _d ^ mark._d);
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], _d);
        return Convert.ToHexStringLower(bytes);
    }

    /// <inheritdoc/>
    public bool Equals(BoardDigest other) => (_a, _b, _c, _d) == (other._a, other._b, other._c, other._d);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BoardDigest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(BoardDigest left, BoardDigest right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(BoardDigest left, BoardDigest right) => !left.Equals(right);

    private static BoardDigest FromBytes(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));
}
