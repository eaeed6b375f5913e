using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Links;

/// <summary>In steady state a delivery allocates nothing: not when it leaves, not when its answer comes.</summary>
/// <remarks>The whole process is counted, and other tests run in it: the smallest of many rounds is what the rounds
/// themselves allocate. An event costs some objects, a delivery none, so that the two sizes must cost the same. A busy
/// machine takes more rounds until the code is compiled with all optimizations, without which it allocates.
/// </remarks>
public sealed class DeliveryAllocationTests
{
    private const int Few = 200;
    private const int Many = 1_200;
    private const int Rounds = 60;
    private const int RoundsMax = 3_000;

    [Theory]
    [InlineData(SipTransportKind.Tcp, 1)]
    [InlineData(SipTransportKind.Udp, 32)]
    [InlineData(SipTransportKind.Udp, 1)]
    public async Task Delivery_InSteadyState_AllocatesNothing(SipTransportKind transport, int udpSegmentsMax)
    {
        var few = await SmallestAsync(Few, transport, udpSegmentsMax);
        var many = await SmallestAsync(
            Many, transport, udpSegmentsMax,
            (publish, answer) => publish - few.Publish < Many - Few && answer - few.Answer < Many - Few);

        // Below the smallest object there is, for each of the 1,000 more.
        Assert.True(many.Publish - few.Publish < Many - Few, $"leaving: {few.Publish} and {many.Publish} bytes");
        Assert.True(many.Answer - few.Answer < Many - Few, $"answers: {few.Answer} and {many.Answer} bytes");
    }

    [Theory]
    [InlineData(SipTransportKind.Tcp)]
    [InlineData(SipTransportKind.Udp)]
    public async Task Round_EndsWithEverybodyAtTheNewestRevision(SipTransportKind transport)
    {
        await using var rig = await DeliveryRig.StartAsync(Few, transport);
        for (var i = 0; i < 3; i++)
        {
            rig.Publish();
            rig.Take(rig.Answers());
            Assert.Equal([rig.Revision], rig.Cursors);
            Assert.Equal(0, rig.Slots.InFlight);
        }
    }

    private static async Task<(long Publish, long Answer)> SmallestAsync(
        int members, SipTransportKind transport, int udpSegmentsMax, Func<long, long, bool>? isEnough = null)
    {
        await using var rig = await DeliveryRig.StartAsync(members, transport, udpSegmentsMax);
        var (publish, answer) = (long.MaxValue, long.MaxValue);
        for (var i = 0; i < Rounds || (i < RoundsMax && isEnough?.Invoke(publish, answer) == false); i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            rig.Publish();
            publish = Math.Min(publish, GC.GetTotalAllocatedBytes(precise: true) - before);
            var answers = rig.Answers();
            before = GC.GetTotalAllocatedBytes(precise: true);
            rig.Take(answers);
            answer = Math.Min(answer, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return (publish, answer);
    }
}
