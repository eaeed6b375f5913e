using Conference.Actors.Ports;
using Conference.Protocol;

namespace Conference.Actors.Fanout;

/// <content>What only few participants have at a time.</content>
internal sealed partial class Recipient
{
    /// <summary>What a participant has while it is sent something else than events, or fails: most have none of it
    /// most of the time, and there are a million of them. Guarded by the recipient's lock.</summary>
    private sealed class Aside
    {
        /// <summary>Where to go on after the MESSAGE in flight; -1 for nothing.</summary>
        internal long ResyncTo { get; set; } = -1;

        /// <summary>Failed tries since the last success.</summary>
        internal int Attempts { get; set; }

        /// <summary>What 413 and 513 have taught.</summary>
        internal int LearnedBytesMax { get; set; } = int.MaxValue;

        /// <summary>What the path carried when the last body was too large for it, since the last success.</summary>
        internal int CarriedAtLast { get; set; }

        /// <summary>Whether it is in the index of the failing.</summary>
        internal bool IsListed { get; set; }

        /// <summary>Messages of its own.</summary>
        internal Queue<EncodedBody>? Directed { get; set; }

        /// <summary>Contents that it asked for itself.</summary>
        internal Queue<PageDescriptor>? Fetches { get; set; }

        /// <summary>Several bodies under way.</summary>
        internal Transfer? Transfer { get; set; }

        /// <summary>The page everybody shows, still to be sent after a snapshot.</summary>
        internal ContentNeed? CurrentNeed { get; set; }

        /// <summary>Its pause, while it backs off or is parked.</summary>
        internal FanoutTimers.Entry? PauseEntry { get; set; }

        internal bool HasWork => Transfer is not null || CurrentNeed is not null
            || Directed is { Count: > 0 } || Fetches is { Count: > 0 };

        /// <summary>Whether others are to wait for it; also read without the lock.</summary>
        internal bool IsUrgent => Transfer is { IsSnapshot: true } || CurrentNeed is not null
            || Directed is { Count: > 0 } || Fetches is { Count: > 0 };

        internal bool IsNeeded => HasWork || IsListed || PauseEntry is not null || ResyncTo >= 0 || Attempts > 0
            || LearnedBytesMax < int.MaxValue || CarriedAtLast > 0;

        /// <summary>Forgets all that was to be sent.</summary>
        internal void DropWork() => (Directed, Fetches, Transfer, CurrentNeed) = (null, null, null, null);
    }

    private Aside NeedAside() => _aside ??= new Aside();

    private void DropAside()
    {
        if (_aside is { IsNeeded: false }) _aside = null;
    }
}
