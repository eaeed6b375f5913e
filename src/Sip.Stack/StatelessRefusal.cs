namespace Sip.Stack;

/// <summary>A refusal that is sent before there is a transaction (RFC 3261 8.2.7): it costs no memory, and a resend
/// gets the same again.</summary>
/// <param name="Status">300 to 699.</param>
/// <param name="Phrase">Reason phrase.</param>
/// <param name="Label">For logs.</param>
/// <param name="RetryAfter">When to come back; null for no such header.</param>
public sealed record StatelessRefusal(int Status, string Phrase, string Label, RetryAfterRange? RetryAfter);
