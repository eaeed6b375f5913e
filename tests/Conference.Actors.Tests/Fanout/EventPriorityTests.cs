using System.Runtime.CompilerServices;
using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class EventPriorityTests
{
    [Fact]
    public void EveryEvent_HasAPriority_AndFewHaveAHighOne()
    {
        var events = typeof(EventBody).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(EventBody))).ToList();

        var high = events.Where(t => EventPriority.Of(Blank(t)) == DeliveryPriority.High).ToList();

        Assert.Contains(typeof(PageTurned), high);
        Assert.Contains(typeof(MemberLeft), high);
        Assert.DoesNotContain(typeof(BoardChanged), high);
        Assert.DoesNotContain(typeof(PageShared), high);
        Assert.All(events.Except(high), t => Assert.Equal(DeliveryPriority.Normal, EventPriority.Of(Blank(t))));
    }

    private static EventBody Blank(Type type) => (EventBody)RuntimeHelpers.GetUninitializedObject(type);
}
