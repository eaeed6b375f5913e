using System.Collections.Immutable;
using Conference.Actors.Ports;
using Conference.Protocol;

namespace Conference.Actors.Fanout;

/// <summary>Consecutive events in the form they leave in, made once for all who are sent the same. Never changed.
/// </summary>
/// <param name="From">First revision.</param>
/// <param name="To">Last revision: where the cursor of who confirms it moves to.</param>
/// <param name="Body">The notification.</param>
/// <param name="PublishedAt">Time stamp of the last event.</param>
/// <param name="Authors">Who knows some of it from its 202 and gets it without that, unless it wants its own.</param>
/// <param name="NeedsContent">Whether some of it goes with the content of a page, which not everybody has.</param>
internal sealed record EventBatch(
    long From, long To, EncodedBody Body, long PublishedAt, ImmutableArray<ParticipantUri> Authors, bool NeedsContent)
{
    /// <summary>Whether it is all that somebody at a cursor has to get, whoever that is.</summary>
    internal bool IsAllAfter(long cursor, long head) => From == cursor + 1 && To == head && !NeedsContent;
}
