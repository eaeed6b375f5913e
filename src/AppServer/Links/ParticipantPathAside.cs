using AppServer.Registrations;
using Conference.Actors.Ports;

namespace AppServer.Links;

/// <content>What only few paths have. Under the lock unless it says otherwise.</content>
internal sealed partial class ParticipantPath
{
    private volatile Aside? _aside;

    // Whether what is too large for a datagram may go over TCP (RFC 3261 18.1.1). Read without the lock, too.
    private bool HasStreamBeside =>
        _aside is not { NoStreamUntil: > 0 and var until } || until <= links.Now;

    private Aside NeedAside() => _aside ??= new Aside();

    private EncodedBody? TakeDeferred(out ContactRoute? tried)
    {
        tried = null;
        if (_aside is not { Deferred: { } deferred } aside) return null;
        tried = aside.Tried;
        (aside.Deferred, aside.Tried) = (null, null);
        return deferred;
    }

    private void DropAside()
    {
        if (_aside is { IsNeeded: false }) _aside = null;
    }

    /// <summary>What few paths have at a time, and there are a million of them.</summary>
    private sealed class Aside
    {
        private long _noStreamUntil;

        /// <summary>Links that wait for the path.</summary>
        internal Queue<ConferenceLink> Waiting { get; } = new(1);

        /// <summary>Taken, and waiting for a stream or for room in its write queue.</summary>
        internal EncodedBody? Deferred { get; set; }

        /// <summary>To where a stream was opened for what is deferred. It is not opened twice: who takes streams and
        /// ends them at once is tried again after a pause.</summary>
        internal ContactRoute? Tried { get; set; }

        /// <summary>Until when no stream is tried beside datagrams, on the clock of <see cref="SipLinks.Now"/>; 0 for
        /// never. Read without the lock.</summary>
        internal long NoStreamUntil
        {
            get => Volatile.Read(ref _noStreamUntil);
            set => Volatile.Write(ref _noStreamUntil, value);
        }

        internal bool IsNeeded => Deferred is not null || Waiting.Count > 0 || NoStreamUntil > 0;
    }
}
