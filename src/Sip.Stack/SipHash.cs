using System.Buffers.Binary;
using System.Numerics;

namespace Sip.Stack;

/// <summary>SipHash-2-4 (Aumasson, Bernstein): a short keyed hash that nobody without the key can foresee.</summary>
/// <param name="key0">First half of the key.</param>
/// <param name="key1">Second half of the key.</param>
internal struct SipHash(ulong key0, ulong key1)
{
    private ulong _v0 = key0 ^ 0x736f6d6570736575UL;
    private ulong _v1 = key1 ^ 0x646f72616e646f6dUL;
    private ulong _v2 = key0 ^ 0x6c7967656e657261UL;
    private ulong _v3 = key1 ^ 0x7465646279746573UL;
    private ulong _rest;
    private int _length;

    /// <summary>Takes the next bytes.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if ((_length & 7) == 0 && bytes.Length >= sizeof(ulong))
            {
                Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                bytes = bytes[sizeof(ulong)..];
                continue;
            }

            _rest |= (ulong)bytes[0] << (8 * (_length & 7));
            _length++;
            bytes = bytes[1..];
            if ((_length & 7) != 0) continue;
            Compress(_rest);
            _rest = 0;
        }
    }

    /// <summary>Takes the next eight bytes; only where what came before was a multiple of eight.</summary>
    internal void Add(ulong block)
    {
        Compress(block);
        _length += sizeof(ulong);
    }

    /// <summary>The hash of what was taken; nothing may be added behind it.</summary>
    internal ulong End()
    {
        Compress(_rest | ((ulong)_length << 56)); // the length byte closes the message
        _v2 ^= 0xff;
        for (var i = 0; i < 4; i++) Round();
        return _v0 ^ _v1 ^ _v2 ^ _v3;
    }

    private void Compress(ulong block)
    {
        _v3 ^= block;
        Round();
        Round();
        _v0 ^= block;
    }

    private void Round()
    {
        _v0 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
        _v0 = BitOperations.RotateLeft(_v0, 32);
        _v2 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
        _v0 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
        _v2 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
        _v2 = BitOperations.RotateLeft(_v2, 32);
    }
}
