namespace Sip.Stack.Tests.Transactions;

/// <summary>
/// One non-INVITE client transaction of any making, on a virtual clock: what <see cref="NonInviteClientMatrix"/>
/// drives.
/// </summary>
public interface INonInviteClientUnderTest : IDisposable
{
    /// <summary>Sends the request.</summary>
    void Start(bool isReliable);

    /// <summary>A response with this status arrives.</summary>
    void Receive(int status);

    /// <summary>The stream breaks, or the socket refuses a send.</summary>
    void FailTransport();

    /// <summary>Moves the clock.</summary>
    void Advance(TimeSpan time);

    /// <summary>What was seen since the last call: "send", "final 200", "timeout", "failed".</summary>
    IReadOnlyList<string> TakeEvents();
}
