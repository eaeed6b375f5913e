namespace Sip.Stack.Authentication;

/// <summary>
/// Fills a buffer with random bytes: <c>RandomNumberGenerator.Fill</c> in the product, a fixed sequence in tests.
/// </summary>
public delegate void RandomBytes(Span<byte> destination);
