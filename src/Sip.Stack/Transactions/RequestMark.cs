using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Sip.Stack.Messages;

namespace Sip.Stack.Transactions;

/// <summary>The same for every copy of one request, and not to be foreseen from outside: what is answered without a
/// transaction takes its tag, its chance and its jitter from it, so that a resend gets the same answer (RFC 3261
/// 8.2.7).</summary>
/// <param name="Value">A keyed hash of top Via, From, Call-ID and CSeq number; the key is new after each start.
/// </param>
public readonly record struct RequestMark(ulong Value)
{
    private static readonly (ulong Key0, ulong Key1) Key = NewKey();

    /// <summary>From 0 to below 1, evenly over all requests.</summary>
    public double Chance => (Value >> 11) * (1.0 / (1UL << 53));

    /// <summary>The same, and independent of <see cref="Chance"/> for all that matters.</summary>
    public double Jitter => (Value & 0x7FF) * (1.0 / 0x800);

    /// <summary>The mark of a request; a malformed one lacks parts of it.</summary>
    public static RequestMark Of(SipRequest request)
    {
        var hash = new SipHash(Key.Key0, Key.Key1);
        Add(ref hash, request, SipHeaderName.Via);
        Add(ref hash, request, SipHeaderName.From);
        Add(ref hash, request, SipHeaderName.CallId);
        if (request.Headers.TryGetFirst(SipHeaderName.CSeq, out var sequence))
        {
            // Without the method: CANCEL is answered with the tag of what it cancels (9.2).
            var digits = sequence.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            hash.Add(digits < 0 ? sequence : sequence[..digits]);
        }

        return new RequestMark(hash.End());
    }

    /// <summary>As a To tag.</summary>
    public string ToTag()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Value);
        return Base64Url.EncodeToString(bytes);
    }

    private static void Add(ref SipHash hash, SipRequest request, SipHeaderName name)
    {
        if (request.Headers.TryGetFirst(name, out var value)) hash.Add(value);
        hash.Add("\n"u8);
    }

    private static (ulong Key0, ulong Key1) NewKey()
    {
        Span<byte> key = stackalloc byte[16];
        RandomNumberGenerator.Fill(key);
        return (BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));
    }
}
