using BenchmarkDotNet.Attributes;
using Sip.Stack.Messages;

namespace Benchmarks.Sip;

/// <summary>Room 2 and the answers: index, object, response.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private readonly SipMessageIndex _index = new();
    private SipRequest _request = null!;

    [GlobalSetup]
    public void Setup()
    {
        SipMessageReader.TryRead(SipData.Invite, SipParseLimits.Default, out var message);
        _request = (SipRequest)message!;
    }

    [Benchmark(Baseline = true, Description = "index an INVITE of 1.5 KB")]
    public SipParseOutcome Index() => _index.Parse(SipData.Invite, SipParseLimits.Default);

    [Benchmark(Description = "the same as an object with a copy of its bytes")]
    public SipParseOutcome Read() => SipMessageReader.TryRead(SipData.Invite, SipParseLimits.Default, out _);

    [Benchmark(Description = "build its 200")]
    public byte[] Respond() => new SipResponseBuilder(_request, 200).WithToTag("0123456789abcdef").Build();
}
