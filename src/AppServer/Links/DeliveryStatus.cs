using Conference.Actors.Ports;

namespace AppServer.Links;

/// <summary>What a final status means to the fan-out (design section 6).</summary>
internal static class DeliveryStatus
{
    /// <summary>Maps a final status of a MESSAGE to a participant.</summary>
    /// <param name="status">200 to 699.</param>
    /// <remarks>What is not listed is a definite no: 4xx, 5xx and 6xx that repeating cannot change (RFC 3261 8.1.3.5,
    /// 21). 302 is not followed: the core resolves contacts, not the application server.</remarks>
    internal static DeliveryOutcome Map(int status) => status switch
    {
        < 300 => DeliveryOutcome.Delivered,
        // 477: what Kamailio says when the next hop's connection is gone; 486, 600: busy now, maybe not later.
        408 or 430 or 477 or 480 or 486 or 491 or 500 or 502 or 503 or 504 or 600 => DeliveryOutcome.TryLater,
        413 or 513 => DeliveryOutcome.TooLarge,
        406 or 415 or 488 or 606 => DeliveryOutcome.TypeRefused,
        _ => DeliveryOutcome.Refused,
    };

    /// <summary>What a final status says about the next hop, to its window.</summary>
    /// <param name="status">200 to 699; 0 when nothing was sent or no answer can come any more.</param>
    /// <remarks>503 means the one who says it (RFC 3261 21.5.4); a proxy makes a 500 of the 503 of others (16.7), and
    /// an S-CSCF that runs out of memory says 500. One of them may be about the member alone: the window looks at
    /// shares.
    /// </remarks>
    internal static PlaceEnd EndOfPlace(int status) => status switch
    {
        0 => PlaceEnd.Unused,
        500 or 503 => PlaceEnd.Busy,
        _ => PlaceEnd.Answered,
    };
}
