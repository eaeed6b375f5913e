using AppServer.Links;
using BenchmarkDotNet.Attributes;
using Conference.Actors.Ports;

namespace Benchmarks.Links;

/// <summary>The window of a next hop without a socket: a thousand participants ask for a place, get it, and give it
/// back when their answers come, some at a time. Figures are per delivery.</summary>
[MemoryDiagnoser]
public class WindowBenchmarks
{
    private const int Guests = 1_000;
    private const int Limit = 50;

    private readonly Guest[] _guests = new Guest[Guests];
    private readonly Queue<Guest> _out = new(Guests);
    private ConferenceFlows[] _conferences = [];
    private DeliveryWindow _window = null!;

    /// <summary>How many share the hop.</summary>
    [Params(1, 100)]
    public int Conferences { get; set; }

    /// <summary>Answers that one receive thread finds together.</summary>
    [Params(1, 32)]
    public int Answers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var start = TimeProvider.System.GetTimestamp();
        _window = new DeliveryWindow(
            new LimitBounds(Limit - 1, Limit, DelayMax: 50),
            () => TimeProvider.System.GetElapsedTime(start).Ticks / TimeSpan.TicksPerMillisecond);
        _conferences = [.. Enumerable.Range(0, Conferences).Select(_ => new ConferenceFlows())];
        for (var i = 0; i < Guests; i++) _guests[i] = new Guest(this);
    }

    [Benchmark(OperationsPerInvoke = Guests, Description = "enter, fire, leave")]
    public void EnterFireLeave()
    {
        SendBatch.Begin(); // A round of the fan-out.
        for (var i = 0; i < Guests; i++) _window.Enter(_conferences[i * Conferences / Guests], _guests[i]);
        SendBatch.End();
        while (_out.Count > 0)
        {
            SendBatch.Begin(); // What was in the receive buffer.
            for (var i = Math.Min(Answers, _out.Count); i > 0; i--)
                _window.Leave(_out.Dequeue().Place, PlaceEnd.Answered);
            SendBatch.End();
        }
    }

    private sealed class Guest(WindowBenchmarks owner) : IWindowGuest
    {
        public DeliveryPriority Priority => DeliveryPriority.Normal;

        internal int Place { get; private set; }

        public void Fire(int place)
        {
            Place = place;
            owner._out.Enqueue(this);
        }
    }
}
