using System.Buffers;
using BenchmarkDotNet.Attributes;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Benchmarks.Protocol;

/// <summary>Bytes to records and back.</summary>
[MemoryDiagnoser]
public class XmlBenchmarks
{
    private static readonly ProtocolLimits Limits = new();
    private readonly ArrayBufferWriter<byte> _output = new(4096);

    [Benchmark(Baseline = true, Description = "read a drawing of 300 bytes")]
    public ReadOutcome ReadOperation()
    {
        var outcome = RequestReader.TryReadOwned(ProtocolData.Operation, Limits, out var request, out _);
        request?.Dispose();
        return outcome;
    }

    [Benchmark(Description = "read a page of 200 KB")]
    public ReadOutcome ReadPage()
    {
        var outcome = RequestReader.TryReadOwned(ProtocolData.SharedPage, Limits, out var request, out _);
        request?.Dispose();
        return outcome;
    }

    [Benchmark(Description = "write its event")]
    public byte[] WriteEvent() => EventWriter.WriteFragment(ProtocolData.Event);

    [Benchmark(Description = "put a notification together")]
    public int WriteNotification()
    {
        _output.ResetWrittenCount();
        NotificationWriter.Write(_output, ProtocolData.Uri, 17, 17, ProtocolData.Fragments.AsSpan());
        return _output.WrittenCount;
    }

    [Benchmark(Description = "write the content of a page of 200 KB")]
    public byte[] WritePage() => ServerMessageWriter.Write(
        new PageContent(ProtocolData.Uri, ProtocolData.Descriptor, 1, 1, ProtocolData.PageBytes, null, null));
}
