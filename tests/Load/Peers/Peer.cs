namespace Load.Peers;

/// <summary>Which server is under load.</summary>
internal enum Peer
{
    /// <summary>This one.</summary>
    None,

    /// <summary>Kamailio with its imc module, as fast as its own settings make it.</summary>
    KamailioTuned,

    /// <summary>Kamailio with its imc module and the settings of its package, but for memory and buffers, with which it
    /// would lose messages at once.</summary>
    KamailioPackaged,
}
