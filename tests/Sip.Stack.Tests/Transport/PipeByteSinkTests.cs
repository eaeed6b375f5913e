using System.IO.Pipelines;
using System.Text;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public class PipeByteSinkTests
{
    [Fact]
    public async Task Segments_AreWrittenInOrder()
    {
        var pipe = new Pipe();
        var sink = new PipeByteSink(pipe.Writer);

        await sink.WriteAsync([Segment("one "), Segment("two")]);
        sink.EndWrites();

        Assert.Equal("one two", Encoding.ASCII.GetString((await pipe.Reader.ReadAsync()).Buffer.FirstSpan));
    }

    [Fact]
    public async Task Write_ReaderIsGone_Throws()
    {
        var pipe = new Pipe();
        var sink = new PipeByteSink(pipe.Writer);
        await pipe.Reader.CompleteAsync();

        await Assert.ThrowsAsync<IOException>(async () => await sink.WriteAsync([Segment("one")]));
    }

    private static WriteQueue.Segment Segment(string text) => new(Encoding.ASCII.GetBytes(text), IsPooled: false);
}
