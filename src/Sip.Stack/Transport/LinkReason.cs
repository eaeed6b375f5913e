namespace Sip.Stack.Transport;

/// <summary>
/// Why a connection ended. Every ending has one; the first one wins. Label of sip_connection_ends_total.
/// </summary>
public enum LinkReason : byte
{
    /// <summary>The peer closed its side.</summary>
    PeerClosed,

    /// <summary>The peer reset the stream, or the network broke.</summary>
    Reset,

    /// <summary>Nothing was received or sent for the idle time-out.</summary>
    Idle,

    /// <summary>The peer did not read for the send time-out.</summary>
    SendTimeout,

    /// <summary>The write queue was full and its owner chose to end the stream.</summary>
    SlowPeer,

    /// <summary>What arrived cannot be framed or is over the size limit: nothing after it can be trusted.</summary>
    Malformed,

    /// <summary>A message had begun and was not whole in time, or the stream came in and brought none.</summary>
    SlowMessage,

    /// <summary>Unfinished messages hold as much memory as they may, and that of this stream began first.</summary>
    UnfinishedLimit,

    /// <summary>What waits for peers to read it holds as much memory as it may, and most of it waited here.</summary>
    QueueLimit,

    /// <summary>The peer refused the connection (RST).</summary>
    ConnectRefused,

    /// <summary>The peer did not answer within the connect time-out.</summary>
    ConnectTimeout,

    /// <summary>The connection could not be opened for another reason.</summary>
    ConnectFailed,

    /// <summary>The limit on connections, global or of the remote address, was reached.</summary>
    Limit,

    /// <summary>As many streams have come in from addresses that are not trusted as may.</summary>
    UntrustedLimit,

    /// <summary>This server is stopping.</summary>
    Shutdown,

    /// <summary>The owner of the connection ended it.</summary>
    ClosedByOwner,

    /// <summary>A bug: an exception left the connection's loop.</summary>
    Fault,
}
