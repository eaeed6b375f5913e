using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Conference.Actors.Focus;

/// <summary>The mailbox of a conference: unbounded, in order, as Akka's own. What waits in it is bounded by
/// <see cref="FocusOptions.CommandsWaitingMax"/> once the actor has seen it.</summary>
/// <remarks>Akka's own begins with a segment of 32 places, 1.1 KiB, for each of 20,000 conferences that have nothing to
/// do; this one has 200 bytes. A conference gets some hundred messages a second at most: a lock is never waited for.
/// </remarks>
/// <param name="settings">Not used.</param>
/// <param name="config">Not used.</param>
public sealed class ConferenceMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<ConferenceMailbox.MessageQueue>
{
    /// <summary>Its name in Akka's configuration.</summary>
    internal const string Name = "conference-mailbox";

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new MessageQueue();

    /// <summary>The messages.</summary>
    public sealed class MessageQueue : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        private readonly Queue<Envelope> _waiting = new();

        /// <inheritdoc/>
        public bool HasMessages => Count > 0;

        /// <inheritdoc/>
        public int Count
        {
            get
            {
                lock (_waiting) return _waiting.Count;
            }
        }

        /// <inheritdoc/>
        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            lock (_waiting) _waiting.Enqueue(envelope);
        }

        /// <inheritdoc/>
        public bool TryDequeue(out Envelope envelope)
        {
            lock (_waiting) return _waiting.TryDequeue(out envelope);
        }

        /// <inheritdoc/>
        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (TryDequeue(out var left)) deadletters.Enqueue(owner, left);
        }
    }
}
