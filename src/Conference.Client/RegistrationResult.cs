namespace Conference.Client;

/// <summary>The registrar's answer.</summary>
/// <param name="Status">SIP status; 0 when none came.</param>
/// <param name="Reason">For a person.</param>
/// <param name="Lifetime">As granted; null when not registered.</param>
public sealed record RegistrationResult(int Status, string Reason, TimeSpan? Lifetime)
{
    /// <summary>Whether the server knows now where this participant is.</summary>
    public bool IsRegistered => Lifetime is not null;

    /// <summary>This result, for callers that have no other plan.</summary>
    /// <exception cref="InvalidOperationException">Not registered.</exception>
    public RegistrationResult OrThrow() =>
        IsRegistered ? this : throw new InvalidOperationException($"Not registered: {Status} {Reason}");
}
