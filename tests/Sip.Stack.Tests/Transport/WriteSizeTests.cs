using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class WriteSizeTests
{
    private WriteSize _size;

    [Fact]
    public void BytesMax_OfANewStream_IsSmall_UntilMoreLeftQuicklyThanTheKernelHolds()
    {
        for (var bytes = 0; bytes < WriteSize.ProvenBytes; bytes += WriteSize.SlowBytes)
        {
            Assert.Equal(WriteSize.SlowBytes, _size.BytesMax);
            _size.Note(WriteSize.SlowBytes, WriteSize.SlowAfter);
        }

        Assert.Equal(WriteQueue.BatchBytesMax, _size.BytesMax);
        _size.Note(int.MaxValue - WriteSize.ProvenBytes, TimeSpan.Zero);
        Assert.Equal(WriteQueue.BatchBytesMax, _size.BytesMax);
    }

    [Fact]
    public void BytesMax_AfterASlowWrite_IsSmallAgain()
    {
        _size.Note(WriteSize.ProvenBytes, TimeSpan.Zero);
        _size.Note(WriteQueue.BatchBytesMax, WriteSize.SlowAfter + TimeSpan.FromTicks(1));
        Assert.Equal(WriteSize.SlowBytes, _size.BytesMax);
    }
}
