using System.Diagnostics;

namespace Conference.Client;

/// <summary>What became of a message of the server.</summary>
internal enum TakeOutcome
{
    /// <summary>Applied.</summary>
    Taken,

    /// <summary>It is of another conference, and there are <see cref="ConferenceClientOptions.ConferencesMax"/>.
    /// </summary>
    TooManyConferences,

    /// <summary><see cref="ConferenceClientOptions.BodyFetchesMax"/>, or as many pages as
    /// <see cref="ConferenceClientOptions.PageDownloadsMax"/>, are under way already.</summary>
    TooManyFetches,

    /// <summary>The session ended while the message came in: nothing was applied.</summary>
    Closed,

    /// <summary>The body behind a reference was not to be had in time, or has another size or digest.</summary>
    NotFetched,

    /// <summary>The body behind a reference is what was announced, and not valid.</summary>
    NotValid,
}

/// <summary>Turns an outcome into an answer.</summary>
internal static class TakeOutcomes
{
    /// <summary>SIP status, with a reason phrase where the usual one says too little.</summary>
    /// <remarks>480 and 486 make the server try again later; after 400 it would send the same in vain.</remarks>
    internal static (int Status, string? Reason) Describe(TakeOutcome outcome) => outcome switch
    {
        TakeOutcome.Taken => (200, null),
        TakeOutcome.TooManyConferences => (486, null),
        TakeOutcome.TooManyFetches => (480, "Too much is being fetched"),
        TakeOutcome.Closed => (480, "The conference is not followed any more"),
        TakeOutcome.NotFetched => (480, "The body cannot be fetched"),
        TakeOutcome.NotValid => (400, "The body by reference is not valid"),
        _ => throw new UnreachableException($"No SIP status for {outcome}"),
    };
}
