using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>Gathers what one thread writes to streams, so that a batch leaves in few writes.</summary>
internal static class SendBatch
{
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
        if (written.Count == 0 || written[^1] != connection) written.Add(connection);
    }

    internal static void FlushUnlessOpen()
    {
        if (t_depth > 0 || t_written is not { Count: > 0 } written) return;
        // By index: a flush that breaks its stream fails what is out over it, and that may write to others.
        for (var i = 0; i < written.Count; i++) written[i].Flush();
        written.Clear();
    }
}
