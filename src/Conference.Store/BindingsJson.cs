using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conference.Actors.Ports;

namespace Conference.Store;

/// <summary>The bindings of one address-of-record as the stores keep them: a JSON array of objects with the fields of
/// <see cref="StoredBinding"/>, names as there. Unknown fields are skipped, so an older program can read it.</summary>
[JsonSerializable(typeof(ImmutableArray<StoredBinding>))]
internal sealed partial class BindingsJson : JsonSerializerContext
{
    public static byte[] Write(ImmutableArray<StoredBinding> bindings) =>
        JsonSerializer.SerializeToUtf8Bytes(bindings, Default.ImmutableArrayStoredBinding);

    /// <exception cref="JsonException">Not what <see cref="Write"/> makes.</exception>
    public static ImmutableArray<StoredBinding> Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Default.ImmutableArrayStoredBinding);
}
