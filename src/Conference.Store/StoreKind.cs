namespace Conference.Store;

/// <summary>Where conferences are kept: option <c>Store:Kind</c>.</summary>
public enum StoreKind
{
    /// <summary>Embedded database in a folder of this machine; one server process. Nothing to install.</summary>
    Sqlite,

    /// <summary>A Redis server, Sentinel group or Cluster, shared by all nodes.</summary>
    Redis,

    /// <summary>In this process only, lost when it ends. For tests and try-outs.</summary>
    InMemory,
}
