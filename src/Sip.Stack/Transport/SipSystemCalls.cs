namespace Sip.Stack.Transport;

/// <summary>By which system calls datagrams come and go.</summary>
public enum SipSystemCalls : byte
{
    /// <summary>Many datagrams in one call, where the system can: recvmmsg and UDP_SEGMENT on 64-bit Linux. Elsewhere
    /// as <see cref="Portable"/>.</summary>
    Batched,

    /// <summary>One datagram in one call, by what .NET has everywhere.</summary>
    Portable,
}
