using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sip.Stack.Delivery;

/// <summary>Writes and reads the branch of a fan-out request: the handle, and a keyed check against forged responses.
/// </summary>
/// <remarks>
/// Format, after the cookie of RFC 3261 8.1.1.7: <c>z9hG4bKfan-</c>, then 24 lower-case hexadecimal digits: slot (8),
/// generation (8), check (8). The check is SipHash-2-4 of slot and generation under a key drawn at start, cut to 32
/// bits. It makes a response that was not caused by our request fail without touching the slot.
/// </remarks>
public sealed class DeliveryToken
{
    /// <summary>Length of the hexadecimal part in bytes.</summary>
    public const int Length = 24;

    private readonly ulong _key0;
    private readonly ulong _key1;

    /// <param name="key">16 random bytes.</param>
    public DeliveryToken(ReadOnlySpan<byte> key)
    {
        if (key.Length != 16) throw new ArgumentException("The key has 16 bytes.", nameof(key));
        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>What every branch of the fan-out begins with.</summary>
    public static ReadOnlySpan<byte> Prefix => "z9hG4bKfan-"u8;

    /// <summary>A token maker with a key of its own.</summary>
    public static DeliveryToken CreateRandom() => new(RandomNumberGenerator.GetBytes(16));

    /// <summary>Writes the 24 digits.</summary>
    public void Write(DeliveryHandle handle, Span<byte> to)
    {
        WriteHex(handle.Slot, to);
        WriteHex(handle.Generation, to[8..]);
        WriteHex(Check(handle), to[16..]);
    }

    /// <summary>Reads the 24 digits.</summary>
    /// <returns>False when they are malformed or the check does not agree.</returns>
    public bool TryRead(ReadOnlySpan<byte> digits, out DeliveryHandle handle)
    {
        handle = default;
        if (digits.Length < Length || !TryReadHex(digits, out var slot) || !TryReadHex(digits[8..], out var generation)
            || !TryReadHex(digits[16..], out var check))
        {
            return false;
        }

        handle = new DeliveryHandle(slot, generation);
        return check == Check(handle);
    }

    private static void WriteHex(uint value, Span<byte> to)
    {
        var digits = "0123456789abcdef"u8;
        for (var i = 7; i >= 0; i--, value >>= 4) to[i] = digits[(int)(value & 15)];
    }

    private static bool TryReadHex(ReadOnlySpan<byte> digits, out uint value)
    {
        value = 0;
        for (var i = 0; i < 8; i++)
        {
            int digit = digits[i];
            if (digit is >= '0' and <= '9') digit -= '0';
            else if (digit is >= 'a' and <= 'f') digit -= 'a' - 10;
            else return false;
            value = (value << 4) | (uint)digit;
        }

        return true;
    }

    private uint Check(DeliveryHandle handle)
    {
        var hash = new SipHash(_key0, _key1);
        hash.Add(((ulong)handle.Generation << 32) | handle.Slot);
        return (uint)hash.End();
    }
}
