using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>Gathers what one thread writes to streams, so that a batch leaves in few writes.</summary>
internal static class SendBatch
{
    // More streams than this in one batch have one message each: waiting gathers nothing, it only holds a buffer per
    // stream. Core networks have fewer next hops.
    private const int StreamsMax = 16;

    [ThreadStatic]
    private static List<SipConnection>? t_written;

    [ThreadStatic]
    private static int t_depth;

    /// <summary>Until <see cref="End"/>, what this thread writes may wait.</summary>
    internal static void Begin() => t_depth++;

    /// <summary>Sends what was written since <see cref="Begin"/>.</summary>
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

    internal static void FlushUnlessOpen()
    {
        if (t_depth == 0 && t_written is { Count: > 0 } written) Flush(written);
    }

    private static void Flush(List<SipConnection> written)
    {
        // One by one: a flush that breaks its stream fails what is out over it, and that may write to others.
        while (written.Count > 0)
        {
            var stream = written[^1];
            written.RemoveAt(written.Count - 1);
            stream.Flush();
        }
    }
}
