using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using Conference.Actors.Focus;
using Xunit;

namespace Conference.Actors.Tests.Focus.Hosting;

public sealed class ConferenceMailboxTests
{
    private readonly ConferenceMailbox.MessageQueue _queue = new();

    [Fact]
    public void Messages_ComeOutInTheirOrder()
    {
        Put("a", "b", "c");
        Assert.Equal((3, true), (_queue.Count, _queue.HasMessages));

        Assert.Equal(["a", "b", "c"], Take(_queue));
        Assert.Equal((0, false), (_queue.Count, _queue.HasMessages));
    }

    [Fact]
    public void MessagesLeft_GoWhereTheDeadOnesGo()
    {
        var dead = new UnboundedMessageQueue();
        Put("a", "b");

        _queue.CleanUp(ActorRefs.Nobody, dead);

        Assert.False(_queue.HasMessages);
        Assert.Equal(["a", "b"], Take(dead));
    }

    private void Put(params string[] messages)
    {
        foreach (var message in messages) _queue.Enqueue(ActorRefs.Nobody, new Envelope(message, ActorRefs.NoSender));
    }

    private static IEnumerable<object> Take(IMessageQueue queue)
    {
        while (queue.TryDequeue(out var envelope)) yield return envelope.Message;
    }
}
