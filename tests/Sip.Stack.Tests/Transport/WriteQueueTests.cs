using System.Buffers;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public class WriteQueueTests
{
    [Fact]
    public void SmallMessages_AreGatheredInOneSegment()
    {
        var queue = new WriteQueue();
        for (var i = 0; i < 20; i++) queue.Add(new byte[60], new byte[40]);

        var batch = new List<WriteQueue.Segment>();
        Assert.Equal(2000, queue.Bytes);
        Assert.Equal(2000, queue.Take(batch));

        Assert.Single(batch);
        Assert.Equal(0, queue.Bytes);
        Assert.Equal(0, queue.Take([]));
    }

    [Fact]
    public void LargeBody_IsNotCopiedAndKeepsItsPlace()
    {
        var queue = new WriteQueue();
        var body = new byte[20_000];
        queue.Add([1], default);
        queue.Add([2], body);
        queue.Add([3], default);

        var batch = new List<WriteQueue.Segment>();
        Assert.Equal(20_003, queue.Take(batch));

        Assert.Equal(3, batch.Count);
        Assert.Equal([1, 2], batch[0].Bytes.ToArray());
        Assert.Same(body, batch[1].Bytes.Array);
        Assert.False(batch[1].IsPooled);
        Assert.Equal([3], batch[2].Bytes.ToArray());
    }

    [Fact]
    public void HugeBody_IsTakenInSlices_InOrder()
    {
        var queue = new WriteQueue();
        var body = new byte[600_000];
        Random.Shared.NextBytes(body);
        queue.Add([1, 2, 3], body);
        queue.Add([4, 5], default);

        var seen = new List<byte>();
        for (var batch = new List<WriteQueue.Segment>(); queue.Take(batch) > 0; batch.Clear())
        {
            Assert.InRange(batch.Sum(s => s.Bytes.Count), 1, WriteQueue.BatchBytesMax);
            foreach (var segment in batch) seen.AddRange(segment.Bytes);
        }

        Assert.Equal([1, 2, 3, .. body, 4, 5], seen);
    }

    [Fact]
    public void PooledSegment_LargerThanAWrite_IsNotSplit()
    {
        var queue = new WriteQueue();
        queue.Add([1], default);
        queue.AddPooled(ArrayPool<byte>.Shared.Rent(200_000), 150_000);
        queue.Add([2], new byte[100_000]);

        var writes = new List<(int Bytes, bool IsPooled)>();
        for (var batch = new List<WriteQueue.Segment>(); queue.Take(batch, WriteSize.SlowBytes) > 0; batch.Clear())
            writes.Add((batch.Sum(s => s.Bytes.Count), batch[0].IsPooled));

        Assert.Equal([(1, true), (150_000, true), (WriteSize.SlowBytes, true), (34_465, false)], writes);
    }

    [Fact]
    public void Clear_LeavesNothing()
    {
        var queue = new WriteQueue();
        queue.Add(new byte[100], new byte[600_000]);
        queue.Take([]);

        queue.Clear();

        Assert.Equal(0, queue.Bytes);
        Assert.Equal(0, queue.Take([]));
    }
}
