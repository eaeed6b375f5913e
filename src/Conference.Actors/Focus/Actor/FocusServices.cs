using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Microsoft.Extensions.Logging;

namespace Conference.Actors.Focus;

/// <summary>What every conference of a node uses.</summary>
/// <param name="Store">Events, checkpoints, cursors.</param>
/// <param name="Blobs">Pages and saved files.</param>
/// <param name="Fanout">Deliveries.</param>
/// <param name="References">For saved files.</param>
/// <param name="Options">Limits and times, validated.</param>
/// <param name="Time">The clock.</param>
/// <param name="Log">For all conferences.</param>
public sealed record FocusServices(
    IConferenceStore Store,
    IBlobStore Blobs,
    IFanoutEngine Fanout,
    IContentReferences References,
    FocusOptions Options,
    TimeProvider Time,
    ILogger Log)
{
    /// <summary>Commands that wait for the store.</summary>
    public StoreQueue StoreQueue { get; init; } = new();

    /// <summary>Now, UTC, to the millisecond: what events carry.</summary>
    public DateTimeOffset Now()
    {
        var now = Time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
