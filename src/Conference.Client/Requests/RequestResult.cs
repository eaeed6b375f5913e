using Conference.Protocol;

namespace Conference.Client.Requests;

/// <summary>What became of a request.</summary>
public enum RequestOutcome
{
    /// <summary>202: it is carried out, or will be; durable on the server.</summary>
    Accepted,

    /// <summary>A definite no: see status and reason.</summary>
    Refused,

    /// <summary>No answer, or only transient ones, for as many attempts as the options allow.</summary>
    GaveUp,

    /// <summary>Too many requests wait in this client.</summary>
    QueueFull,

    /// <summary>Cancelled by the caller, or the client was closed. The server may have carried it out.</summary>
    Cancelled,
}

/// <summary>The end of one request.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="RequestId">Its id, as events and refusals name it.</param>
/// <param name="Status">The last SIP status; 0 when none came.</param>
/// <param name="Reason">For a person: reason phrase and Warning of the last answer.</param>
/// <param name="Revision">Of its event; 0 for a request that makes none.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="Created">The new conference, for a create; null otherwise.</param>
public sealed record RequestResult(
    RequestOutcome Outcome, string RequestId, int Status, string Reason, long Revision = 0, int Attempts = 0,
    ConferenceUri? Created = null)
{
    /// <summary>Whether the server accepted it.</summary>
    public bool IsAccepted => Outcome == RequestOutcome.Accepted;

    /// <summary>This result, for callers that have no other plan than that it is accepted.</summary>
    /// <exception cref="RequestFailedException">It was not.</exception>
    public RequestResult OrThrow() => IsAccepted ? this : throw new RequestFailedException(this);
}

/// <summary>A request ended otherwise than its caller can go on with.</summary>
public sealed class RequestFailedException : Exception
{
    /// <summary>With the result that says why.</summary>
    public RequestFailedException(RequestResult result)
        : base($"Request {result.RequestId} ended {result.Outcome} after {result.Attempts} attempts: "
            + $"{result.Status} {result.Reason}") => Result = result;

    /// <summary>The end of the request.</summary>
    public RequestResult Result { get; }
}
