using AppServer.Links;
using BenchmarkDotNet.Attributes;

namespace Benchmarks.Links;

/// <summary>The window of a next hop without a socket: a thousand participants ask for a place, get it, and give it back
/// when their answers come, some at a time. Figures are per delivery.</summary>
[MemoryDiagnoser]
public class WindowBenchmarks
{
    private const int Guests = 1_000;
    private const int Limit = 50;

    private readonly Guest[] _guests = new Guest[Guests];
    private readonly Queue<Guest> _out = new(Guests);
    private DeliveryWindow _window = null!;

    /// <summary>Answers that one receive thread finds together.</summary>
    [Params(1, 32)]
    public int Answers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _window = new DeliveryWindow(Limit);
        for (var i = 0; i < Guests; i++) _guests[i] = new Guest(this);
    }

    [Benchmark(OperationsPerInvoke = Guests, Description = "enter, fire, leave")]
    public void EnterFireLeave()
    {
        SendBatch.Begin(); // A round of the fan-out.
        foreach (var guest in _guests) _window.Enter(guest);
        SendBatch.End();
        while (_out.Count > 0)
        {
            SendBatch.Begin(); // What was in the receive buffer.
            for (var i = Math.Min(Answers, _out.Count); i > 0; i--)
            {
                _out.Dequeue();
                _window.Leave();
            }

            SendBatch.End();
        }
    }

    private sealed class Guest(WindowBenchmarks owner) : IWindowGuest
    {
        public void Fire() => owner._out.Enqueue(this);
    }
}
