using System.Net;

namespace Sip.Stack.Authentication;

/// <summary>What the digest check needs of a request.</summary>
/// <param name="Method">As written: <c>MESSAGE</c>.</param>
/// <param name="RequestUri">As written in the request line.</param>
/// <param name="Credentials">All values of Authorization, one per header line.</param>
/// <param name="Source">The address the request came from.</param>
public sealed record DigestAttempt(
    string Method, string RequestUri, IReadOnlyList<string> Credentials, IPAddress Source);

/// <summary>The result of a digest check.</summary>
/// <param name="Outcome">What was found.</param>
/// <param name="User">
/// The user's name in the credential store; null unless <see cref="DigestOutcome.Accepted"/>.
/// </param>
public readonly record struct DigestVerdict(DigestOutcome Outcome, string? User = null)
{
    /// <summary>True when the sender is who it claims to be.</summary>
    public bool IsAccepted => Outcome == DigestOutcome.Accepted;
}
