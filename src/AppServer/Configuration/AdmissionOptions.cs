namespace AppServer.Configuration;

/// <summary>When new requests are refused because requests wait too long (ADR-0013).</summary>
public sealed record AdmissionOptions
{
    /// <summary>How long the typical request may wait for its turn, the store's own time not counted; above it fewer
    /// are admitted. Default 100 ms: hardly anybody sees it in a drawing, and a server at its peak has that
    /// much under way (docs/performance.md); at half of it the wait is some ms.</summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the wait is judged. Default 50 ms: a hundred requests under load, and what a rush brings in
    /// two of them is decided within a second at ten times what the server can take.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The smallest window: so many requests may be under way however long they wait. Default 64: at 20 ms
    /// each 3,200 a second, so that waits which refusals do not cure refuse no more than that.</summary>
    public int RequestsMin { get; init; } = 64;

    /// <summary>Share of the places that requests which steer a running conference (join, turn, rights, end) have for
    /// themselves, in per cent. Default 25: drawing does not crowd them out.</summary>
    public int SteeringPercent { get; init; } = 25;

    /// <summary>Share of the places that everything else has for itself (create, conferences not seen here lately,
    /// REGISTER), in per cent. Default 25: a flood of it takes nothing from running conferences, nor they from it.
    /// </summary>
    public int NewcomersPercent { get; init; } = 25;

    /// <summary>Share of the places that one sender may have while requests are refused, in per cent, and at least two;
    /// beyond, 480 (sender_share). Default 6: one request at a time is what RFC 3428 8 allows a sender, and sixteen
    /// that do not care still share the server.</summary>
    public int SenderPercentMax { get; init; } = 6;

    /// <summary>Share of the places that drawing in one conference may have while requests are refused, in per cent,
    /// and at least RequestsMin; beyond, 480 (conference_share). Default 50: the others go on. In the smallest window
    /// it may be all: a conference that is alone gets as many as there are.</summary>
    public int ConferencePercentMax { get; init; } = 50;

    /// <summary>How old the events may be that most members of a conference are still to be sent, when one message
    /// cannot carry all of them; near it drawing in this conference gets 480 (conference_behind). Default 1 s: the
    /// history for who is behind holds several.</summary>
    public TimeSpan DeliveryLagMax { get; init; } = TimeSpan.FromSeconds(1);
}
