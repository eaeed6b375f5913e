using System.Runtime.ExceptionServices;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>Gathers what one thread sends, so that a batch leaves in few system calls.</summary>
internal static class SendBatch
{
    // More streams than this in one batch have one message each: waiting gathers nothing, it only holds a buffer per
    // stream. Core networks have fewer next hops.
    private const int StreamsMax = 16;

    [ThreadStatic]
    private static Sending? t_sending;

    /// <summary>Datagrams of this thread; they leave with <see cref="FlushUnlessOpen"/> at the latest.</summary>
    internal static DatagramRun Datagrams => OfThread.Datagrams;

    /// <summary>Messages of this thread over streams; the same.</summary>
    internal static StreamRun Streams => OfThread.Streams;

    /// <summary>What this thread gave back to windows and asked of them; passed on at the same time.</summary>
    internal static WindowWork Windows => OfThread.Windows;

    /// <summary>Whether what this thread sends may wait.</summary>
    internal static bool IsOpen => OfThread.Depth > 0;

    /// <summary>For one message of this thread, until the next one.</summary>
    internal static byte[] Buffer => OfThread.Buffer ??= new byte[64 * 1024];

    private static Sending OfThread => t_sending ??= new Sending();

    /// <summary>Until <see cref="End"/>, what this thread sends may wait.</summary>
    internal static void Begin()
    {
        var sending = OfThread;
        if (sending.Depth++ == 0) sending.Timestamp = 0;
    }

    /// <summary>Sends what was gathered since <see cref="Begin"/>.</summary>
    internal static void End()
    {
        OfThread.Depth--;
        FlushUnlessOpen();
    }

    /// <summary>The time, read once for what is handled together: a batch takes less than a millisecond.</summary>
    internal static long Timestamp(TimeProvider time)
    {
        var sending = OfThread;
        if (sending.Depth == 0) return time.GetTimestamp();
        if (sending.Timestamp == 0) sending.Timestamp = time.GetTimestamp();
        return sending.Timestamp;
    }

    /// <summary>A system call's worth was sent: the time is read again.</summary>
    internal static void TimePassed() => OfThread.Timestamp = 0;

    internal static void NoteWritten(SipConnection connection)
    {
        var written = OfThread.Written;
        if (written.Count > 0 && written[^1] == connection) return;
        if (written.Count >= StreamsMax) Flush(written);
        written.Add(connection);
    }

    /// <summary>Passes on to the windows what was gathered for them, and sends what was gathered, outside of all locks.
    /// A send that fails may cause further ones: they leave before this returns, in a loop and never recursively.
    /// What a bug in one of them throws costs that one, not what other conferences have gathered: each step forgets
    /// what it has begun, so the loop ends, and whoever called is told of the first fault then.</summary>
    internal static void FlushUnlessOpen()
    {
        var sending = OfThread;
        if (sending.Depth > 0 || sending.IsFlushing) return;
        sending.IsFlushing = true;
        Exception? fault = null;
        try
        {
            while (sending.HasWork)
            {
                Contain(sending, static s => s.Windows.Pump(), ref fault);
                Contain(sending, static s => s.Streams.Send(), ref fault);
                Contain(sending, static s => Flush(s.Written), ref fault);
                Contain(sending, static s => s.Datagrams.Send(), ref fault);
                Contain(sending, static s => s.Streams.TellUnsent(), ref fault);
                Contain(sending, static s => s.Datagrams.TellUnsent(), ref fault);
            }
        }
        finally
        {
            sending.IsFlushing = false;
        }

        if (fault is not null) ExceptionDispatchInfo.Throw(fault);
    }

    private static void Contain(Sending sending, Action<Sending> step, ref Exception? fault)
    {
        try
        {
            step(sending);
        }
        catch (Exception e)
        {
            LinkMetrics.Faults.Inc();
            fault ??= e;
        }
    }

    // One by one: a flush that breaks its stream fails what is out over it, and that may write to others.
    private static void Flush(List<SipConnection> written)
    {
        while (written.Count > 0)
        {
            var stream = written[^1];
            written.RemoveAt(written.Count - 1);
            stream.Flush();
        }
    }

    /// <summary>What one thread has gathered.</summary>
    private sealed class Sending
    {
        internal int Depth { get; set; }

        internal bool IsFlushing { get; set; }

        internal long Timestamp { get; set; }

        internal byte[]? Buffer { get; set; }

        internal DatagramRun Datagrams { get; } = new();

        internal StreamRun Streams { get; } = new();

        internal WindowWork Windows { get; } = new();

        internal List<SipConnection> Written { get; } = [];

        internal bool HasWork => Windows.HasWork || Written.Count > 0 || Streams.HasWork || Datagrams.HasWork;
    }
}
