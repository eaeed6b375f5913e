using System.Diagnostics;

namespace AppServer.Downloads;

/// <summary>What became of a download. Closed: every one has a status and a label.</summary>
public enum DownloadOutcome
{
    /// <summary>The content was sent.</summary>
    Ok,

    /// <summary>The token is none of ours.</summary>
    Malformed,

    /// <summary>The token was changed, or made with another key.</summary>
    BadSignature,

    /// <summary>The token was good once.</summary>
    Expired,

    /// <summary>The content has outlived its lifetime.</summary>
    ContentGone,

    /// <summary>The store cannot be read now.</summary>
    StoreUnavailable,
}

/// <summary>Turns an outcome into what the caller and the operator see.</summary>
public static class DownloadOutcomes
{
    /// <summary>HTTP status, metric label and text.</summary>
    public static (int Status, string Label, string Text) Describe(DownloadOutcome outcome) => outcome switch
    {
        DownloadOutcome.Ok => (200, "ok", "OK"),
        DownloadOutcome.Malformed => (404, "malformed", "There is nothing here."),
        DownloadOutcome.BadSignature => (403, "bad_signature", "This reference was not made by this server."),
        DownloadOutcome.Expired => (410, "expired", "This reference has expired."),
        DownloadOutcome.ContentGone => (410, "content_gone", "The content is no longer kept."),
        DownloadOutcome.StoreUnavailable => (503, "store_unavailable", "The content cannot be read now."),
        _ => throw new UnreachableException($"No description for {outcome}"),
    };
}
