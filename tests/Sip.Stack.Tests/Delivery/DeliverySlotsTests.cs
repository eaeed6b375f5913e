using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Delivery;

namespace Sip.Stack.Tests.Delivery;

public sealed class DeliverySlotsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly DeliverySlots _slots;
    private readonly Recorder _owner = new();

    public DeliverySlotsTests() => _slots = Create(1024);

    public void Dispose() => _slots.Dispose();

    [Fact]
    public void Final_Once_EndsTheTransaction()
    {
        Assert.True(_slots.TryStart(_owner, false, out var handle));

        Assert.True(_slots.TryHandle(Response(handle, 200)));
        Assert.True(_slots.TryHandle(Response(handle, 200)));

        Assert.Equal(["200"], _owner.Calls);
        Assert.Equal(0, _slots.InFlight);
    }

    [Fact]
    public void TimerE_InTrying_DoublesFromT1ToT2UntilTimerF()
    {
        _slots.TryStart(_owner, false, out _);

        var resends = AdvanceAndNote(TimeSpan.FromSeconds(40));

        // RFC 3261 17.1.2.2: 500 ms, then doubled up to 4 s; timer F at 32 s.
        int[] expected = [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500];
        Assert.Equal(expected, resends.Where(r => r.What == "resend").Select(r => r.Milliseconds));
        Assert.Equal([32000], resends.Where(r => r.What == "timeout").Select(r => r.Milliseconds));
        Assert.Equal(0, _slots.InFlight);
    }

    [Fact]
    public void TimerE_InProceeding_ResendsEveryT2()
    {
        _slots.TryStart(_owner, false, out var handle);
        _slots.TryHandle(Response(handle, 100));

        var resends = AdvanceAndNote(TimeSpan.FromSeconds(40));

        int[] expected = [500, 4500, 8500, 12500, 16500, 20500, 24500, 28500];
        Assert.Equal(expected, resends.Where(r => r.What == "resend").Select(r => r.Milliseconds));
        Assert.Equal([32000], resends.Where(r => r.What == "timeout").Select(r => r.Milliseconds));
    }

    [Fact]
    public void Reliable_IsNeverResent_AndTimesOutAfter64T1()
    {
        _slots.TryStart(_owner, true, out _);

        var calls = AdvanceAndNote(TimeSpan.FromSeconds(40));

        Assert.Equal([("late", 500), ("timeout", 32000)], calls);
    }

    [Fact]
    public void Timer_RunsOnlyWhenSomethingIsDue()
    {
        var time = new CountingTime();
        using var slots = new DeliverySlots(
            new DeliverySlotsOptions { InFlightMax = 64 }, DeliveryToken.CreateRandom(), time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, time.Fired);

        slots.TryStart(_owner, false, out var answered);
        slots.TryHandle(Response(slots, answered, 200));
        for (var i = 0; i < 100; i++) time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, time.Fired); // T1 after the start, to see that nothing is out.

        slots.TryStart(_owner, false, out _);
        for (var i = 0; i < 400; i++) time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1 + 10 + 1, time.Fired); // Ten retransmissions and timer F.
        Assert.Equal(0, slots.InFlight);
    }

    [Fact]
    public void Final_AfterTimeout_ChangesNothing()
    {
        _slots.TryStart(_owner, true, out var handle);
        AdvanceAndNote(TimeSpan.FromSeconds(33));
        _owner.Calls.Clear();

        Assert.True(_slots.TryHandle(Response(handle, 200)));

        Assert.Empty(_owner.Calls);
    }

    [Fact]
    public void Final_OfAnEarlierUserOfTheSlot_ChangesNothing()
    {
        _slots.TryStart(_owner, false, out var first);
        _slots.TryHandle(Response(first, 200));
        _slots.TryStart(_owner, false, out var second);
        _owner.Calls.Clear();

        _slots.TryHandle(Response(first, 500));

        Assert.Equal(first.Slot, second.Slot);
        Assert.Empty(_owner.Calls);
        Assert.Equal(1, _slots.InFlight);
    }

    [Fact]
    public void Final_Forged_IsSwallowed()
    {
        _slots.TryStart(_owner, false, out var handle);
        var message = Encoding.ASCII.GetString(Response(handle, 200));
        var at = message.IndexOf("fan-", StringComparison.Ordinal) + 4;
        var forged = message[..(at + 23)] + (message[at + 23] == '0' ? '1' : '0') + message[(at + 24)..];

        Assert.True(_slots.TryHandle(Encoding.ASCII.GetBytes(forged)));

        Assert.Empty(_owner.Calls);
        Assert.Equal(1, _slots.InFlight);
    }

    [Fact]
    public void Response_OfSomebodyElse_IsLeftAlone() => Assert.False(_slots.TryHandle(
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKx\r\nCSeq: 1 MESSAGE\r\n\r\n"u8));

    [Fact]
    public void TryStart_BeyondTheLimit_IsRefused()
    {
        using var slots = Create(16);
        for (var i = 0; i < 16; i++) Assert.True(slots.TryStart(_owner, false, out _));

        Assert.False(slots.TryStart(_owner, false, out _));
        Assert.Equal(16, slots.InFlight);
    }

    [Fact]
    public void TryCancel_FreesTheSlotSilently()
    {
        _slots.TryStart(_owner, false, out var handle);

        Assert.True(_slots.TryCancel(handle));
        Assert.False(_slots.TryCancel(handle));
        AdvanceAndNote(TimeSpan.FromSeconds(40));

        Assert.Empty(_owner.Calls);
    }

    [Fact]
    public void StartAndFinal_InSteadyState_AllocateNothing()
    {
        var message = new byte[512];
        var length = 0;
        Cycle(); // The first chunk of slots and the JIT.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Cycle();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Cycle()
        {
            _slots.TryStart(Silent.Instance, false, out var handle);
            length = Write(message, handle);
            _slots.TryHandle(message.AsSpan(0, length));
        }
    }

    [Fact]
    public void ManyThreads_StartAndAnswer_EachOnce()
    {
        using var slots = Create(65_536);
        var counter = new Counter();
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                Assert.True(slots.TryStart(counter, false, out var handle));
                var answer = Response(slots, handle, 200);
                slots.TryHandle(answer);
                slots.TryHandle(answer);
            }
        });

        Assert.Equal(40_000, counter.Finals);
        Assert.Equal(0, slots.InFlight);
    }

    private DeliverySlots Create(int inFlightMax) => new(
        new DeliverySlotsOptions { InFlightMax = inFlightMax, Shards = 1 }, DeliveryToken.CreateRandom(), _time);

    private List<(string What, int Milliseconds)> AdvanceAndNote(TimeSpan span)
    {
        var start = _time.GetUtcNow();
        var noted = new List<(string, int)>();
        for (var at = TimeSpan.Zero; at < span; at += TimeSpan.FromMilliseconds(10))
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            foreach (var call in _owner.Calls)
                noted.Add((call, (int)(_time.GetUtcNow() - start).TotalMilliseconds));
            _owner.Calls.Clear();
        }

        return noted;
    }

    private byte[] Response(DeliveryHandle handle, int status) => Response(_slots, handle, status);

    private static byte[] Response(DeliverySlots slots, DeliveryHandle handle, int status)
    {
        var token = new byte[DeliveryToken.Length];
        slots.WriteToken(handle, token);
        return Encoding.ASCII.GetBytes(
            $"SIP/2.0 {status} Any\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKfan-{Encoding.ASCII.GetString(token)}\r\n"
            + "CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n");
    }

    private int Write(Span<byte> to, DeliveryHandle handle)
    {
        var head = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKfan-"u8;
        var tail = "\r\nCSeq: 1 MESSAGE\r\n\r\n"u8;
        head.CopyTo(to);
        _slots.WriteToken(handle, to[head.Length..]);
        tail.CopyTo(to[(head.Length + DeliveryToken.Length)..]);
        return head.Length + DeliveryToken.Length + tail.Length;
    }

    private sealed class Recorder : IDelivery
    {
        public List<string> Calls { get; } = [];

        public void Resend(DeliveryHandle handle) => Calls.Add("resend");

        public void OnLate(DeliveryHandle handle) => Calls.Add("late");

        public void OnFinal(DeliveryHandle handle, int status, ReadOnlySpan<byte> response) => Calls.Add($"{status}");

        public void OnTimeout(DeliveryHandle handle) => Calls.Add("timeout");
    }

    private sealed class Counter : IDelivery
    {
        private int _finals;

        public int Finals => _finals;

        public void Resend(DeliveryHandle handle)
        {
        }

        public void OnLate(DeliveryHandle handle)
        {
        }

        public void OnFinal(DeliveryHandle handle, int status, ReadOnlySpan<byte> response) =>
            Interlocked.Increment(ref _finals);

        public void OnTimeout(DeliveryHandle handle)
        {
        }
    }

    private sealed class CountingTime : FakeTimeProvider
    {
        internal int Fired { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(
                given =>
                {
                    Fired++;
                    callback(given);
                },
                state, dueTime, period);
    }

    private sealed class Silent : IDelivery
    {
        public static readonly Silent Instance = new();

        public void Resend(DeliveryHandle handle)
        {
        }

        public void OnLate(DeliveryHandle handle)
        {
        }

        public void OnFinal(DeliveryHandle handle, int status, ReadOnlySpan<byte> response)
        {
        }

        public void OnTimeout(DeliveryHandle handle)
        {
        }
    }
}
