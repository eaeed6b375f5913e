namespace Sip.Stack.Transport;

/// <summary>What became of a message given to a transport. A value, because all of them are expected.</summary>
public enum SipSendOutcome : byte
{
    /// <summary>Handed to the kernel (UDP) or queued on a stream that is open or being opened.</summary>
    Sent,

    /// <summary>No listener of this transport and address family.</summary>
    NoTransport,

    /// <summary>Larger than a datagram or the stream limit.</summary>
    TooLarge,

    /// <summary>The stream's write queue is full: the peer reads too slowly.</summary>
    QueueFull,

    /// <summary>The stream is closed.</summary>
    Closed,

    /// <summary>The limit on connections is reached.</summary>
    ConnectionLimit,

    /// <summary>The socket reported an error.</summary>
    Failed,
}
