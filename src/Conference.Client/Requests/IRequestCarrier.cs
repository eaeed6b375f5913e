namespace Conference.Client.Requests;

/// <summary>Carries one body to one URI and brings the final answer. SIP in the product, a list in tests.</summary>
internal interface IRequestCarrier
{
    /// <summary>Sends once (the transaction layer's own retransmissions included), with authentication where asked.
    /// </summary>
    /// <param name="uri">A conference URI or the factory URI.</param>
    /// <param name="body">XML.</param>
    /// <param name="cancel">Ends the wait, not the effect.</param>
    Task<CarrierAnswer> SendAsync(string uri, ReadOnlyMemory<byte> body, CancellationToken cancel);
}

/// <summary>A final answer.</summary>
/// <param name="Status">SIP status; 0 when none came.</param>
/// <param name="Reason">Reason phrase, with the Warning text where there is one.</param>
/// <param name="RetryAfter">What the answer asks for; null for nothing.</param>
/// <param name="Revision">Conference-Revision of a 202; 0 without.</param>
/// <param name="ConferenceUri">Conference-Uri of the 202 to a create; null otherwise.</param>
internal sealed record CarrierAnswer(
    int Status, string Reason, TimeSpan? RetryAfter = null, long Revision = 0, string? ConferenceUri = null);
