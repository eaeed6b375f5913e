namespace Sip.Stack.Authentication;

/// <summary>How the server challenges and what it accepts.</summary>
public sealed record DigestOptions
{
    /// <summary>The protection domain shown to users and mixed into every H(A1) (RFC 3261 22.1).</summary>
    public string Realm { get; init; } = "localhost";

    /// <summary>Offered algorithms, best first: a client takes the topmost it knows (RFC 8760 2.4).</summary>
    public IReadOnlyList<DigestAlgorithm> Algorithms { get; init; } = [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    /// <summary>
    /// How long a nonce is good. Five minutes: a stolen request is soon worthless, and a client that registers every
    /// ten minutes pays one more round trip each time, which is nothing.
    /// </summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How far the clock of another node that makes nonces with the same key may be ahead of ours.
    /// </summary>
    public TimeSpan ClockSkewMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many nonces in use are remembered to recognise a repeated nonce-count, about 80 bytes each. When it is
    /// full the oldest is forgotten, and nonces of its age are answered as stale: a lost round trip, never a replay.
    /// </summary>
    public int NoncesMax { get; init; } = 65_536;

    /// <summary>
    /// Wrong answers that one source may give in <see cref="FailureWindow"/>; then it gets 403 until the window
    /// ends. Twenty: more than any person mistypes behind one NAT, too few to guess a password.
    /// </summary>
    public int FailuresPerSourceMax { get; init; } = 20;

    /// <summary>The span over which failures are counted, from the first one on.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many sources with failures are remembered; beyond it the oldest is forgotten.</summary>
    public int FailureSourcesMax { get; init; } = 65_536;
}
