using System.Net;

namespace Load;

/// <summary>A server in processes of its own, which sends what a chair says to all participants.</summary>
/// <remarks>What differs between servers stands here; sink, driver and accounting are the same for all.</remarks>
internal interface IServerUnderLoad : IAsyncDisposable
{
    /// <summary>The SIP address, the same for UDP and TCP.</summary>
    IPEndPoint Sip { get; }

    /// <summary>The media type of <see cref="EventBody"/>.</summary>
    string ContentType { get; }

    /// <summary>What the chair sends as event number so and so, with its mark in it.</summary>
    /// <param name="bytes">At least so long, in bytes.</param>
    byte[] EventBody(int number, int bytes);

    /// <summary>Whatever the conference needs before its first event.</summary>
    Task PrepareAsync(Driver driver, Deliveries deliveries, CancellationToken cancel);

    /// <summary>CPU of all its processes so far.</summary>
    (double User, double System) CpuSeconds();

    /// <summary>Memory of all its processes in MiB; what they share counts once.</summary>
    double MemoryMebibytes();

    /// <summary>Bytes that a managed server has allocated so far; not a number for others.</summary>
    Task<double> AllocatedBytesAsync();
}
