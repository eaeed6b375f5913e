namespace Conference.Store;

/// <summary>Why a store was unavailable: the label of <c>conference_as_store_unavailable_total</c>.</summary>
internal enum StoreFault
{
    /// <summary>No answer within the call's time-out.</summary>
    Timeout,

    /// <summary>Too many calls wait already.</summary>
    QueueFull,

    /// <summary>The writer has been busy with one commit for longer than the time-out: not even queued.</summary>
    Stuck,

    /// <summary>The disk, or the size allowed to the database, is full.</summary>
    DiskFull,

    /// <summary>The disk failed.</summary>
    InputOutput,

    /// <summary>What was read breaks the store's own rules.</summary>
    Damaged,

    /// <summary>No connection to the server.</summary>
    Disconnected,

    /// <summary>Too many failures just before: not tried.</summary>
    BreakerOpen,

    /// <summary>Redis has reached its maxmemory.</summary>
    MemoryFull,

    /// <summary>Redis answered with an error, such as READONLY, LOADING, CLUSTERDOWN or MISCONF.</summary>
    ServerRefused,

    /// <summary>Written on the master, but not on as many replicas as the options ask for.</summary>
    NotReplicated,

    /// <summary>The store has been closed.</summary>
    Closed,

    /// <summary>A test asked for it.</summary>
    Injected,
}
