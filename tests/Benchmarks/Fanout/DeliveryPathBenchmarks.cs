using AppServer.Tests.Links;
using BenchmarkDotNet.Attributes;

namespace Benchmarks.Fanout;

/// <summary>All that a delivery over a stream costs except the system calls: an event to N participants, and their
/// answers.</summary>
[MemoryDiagnoser]
public class DeliveryPathBenchmarks
{
    private DeliveryRig _rig = null!;
    private DeliveryHop.Answers _answers = null!;

    /// <summary>Members of the conference.</summary>
    [Params(50, 1000)]
    public int Members { get; set; }

    [GlobalSetup]
    public async Task Setup() => _rig = await DeliveryRig.StartAsync(Members);

    [GlobalCleanup]
    public async Task Cleanup() => await _rig.DisposeAsync();

    [IterationSetup(Target = nameof(Publish))]
    public void AnswerAll()
    {
        if (_rig.Slots.InFlight > 0) _rig.Take(_rig.Answers());
    }

    [IterationSetup(Target = nameof(Answer))]
    public void PublishOne()
    {
        _rig.Publish();
        _answers = _rig.Answers();
    }

    [Benchmark(Description = "publish one event until it has left to all")]
    public void Publish() => _rig.Publish();

    [Benchmark(Description = "take the answers of all")]
    public void Answer() => _rig.Take(_answers);
}
