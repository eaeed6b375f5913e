using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>Gathers what one thread sends, so that a batch leaves in few system calls.</summary>
internal static class SendBatch
{
    // More streams than this in one batch have one message each: waiting gathers nothing, it only holds a buffer per
    // stream. Core networks have fewer next hops.
    private const int StreamsMax = 16;

    [ThreadStatic]
    private static List<SipConnection>? t_written;

    [ThreadStatic]
    private static DatagramRun? t_datagrams;

    [ThreadStatic]
    private static int t_depth;

    [ThreadStatic]
    private static bool t_isFlushing;

    /// <summary>Datagrams of this thread; they leave with <see cref="FlushUnlessOpen"/> at the latest.</summary>
    internal static DatagramRun Datagrams => t_datagrams ??= new DatagramRun();

    /// <summary>Until <see cref="End"/>, what this thread sends may wait.</summary>
    internal static void Begin() => t_depth++;

    /// <summary>Sends what was gathered since <see cref="Begin"/>.</summary>
    internal static void End()
    {
        t_depth--;
        FlushUnlessOpen();
    }

    internal static void NoteWritten(SipConnection connection)
    {
        var written = t_written ??= [];
        if (written.Count > 0 && written[^1] == connection) return;
        if (written.Count >= StreamsMax) Flush(written);
        written.Add(connection);
    }

    /// <summary>Sends what was gathered, outside of all locks. A send that fails may cause further ones: they leave
    /// before this returns, in a loop and never recursively.</summary>
    internal static void FlushUnlessOpen()
    {
        if (t_depth > 0 || t_isFlushing) return;
        t_isFlushing = true;
        try
        {
            while (t_written is { Count: > 0 } || t_datagrams is { HasWork: true })
            {
                if (t_written is { } written) Flush(written);
                t_datagrams?.Send();
                t_datagrams?.TellUnsent();
            }
        }
        finally
        {
            t_isFlushing = false;
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
}
