namespace Load.Peers;

/// <summary>How Kamailio is set up.</summary>
internal sealed record KamailioOptions
{
    /// <summary>Of UDP and TCP, on loopback.</summary>
    public required int Port { get; init; }

    /// <summary>Holds the tables of the conference, and what Kamailio writes.</summary>
    public required string Folder { get; init; }

    /// <summary>Where every member is reached.</summary>
    public required System.Net.IPEndPoint NextHop { get; init; }

    public bool IsTcp { get; init; }

    public bool IsTuned { get; init; } = true;

    /// <summary>Processes that read the UDP socket; the one that reads a message sends it to all members.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Shared memory that it may use, in MiB, taken as needed. A transaction holds 2 KB (tuned) or 9 KB until
    /// 5 s after its answer: with the 64 of the package, deliveries are dropped under any load worth measuring.
    /// </summary>
    public int SharedMebibytesMax { get; init; } = 8_192;

    /// <summary>Limit of its receive buffer. The packaged 256 KB overflow with the answers to one message to 1,000.
    /// </summary>
    public int ReceiveBufferBytesMax { get; init; } = 4 * 1024 * 1024;
}
