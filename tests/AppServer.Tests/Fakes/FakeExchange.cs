using System.Net;
using System.Text;
using AppServer.FrontDoor;
using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace AppServer.Tests.Fakes;

/// <summary>A request from text, and what it was answered with, read back from bytes.</summary>
internal sealed class FakeExchange : IFrontDoorExchange
{
    private FakeExchange(SipRequest request, string peer)
    {
        Request = request;
        var remote = new IPEndPoint(IPAddress.Parse(peer), 5060);
        Peer = new SipPeer(SipTransportKind.Udp, remote, new IPEndPoint(IPAddress.Loopback, 5060), null);
    }

    public SipRequest Request { get; }

    public SipPeer Peer { get; private set; }

    public bool IsMerged { get; init; }

    public bool IsAnswered => Answer is not null;

    public CancellationToken Cancelled => CancellationToken.None;

    internal SipResponse? Answer { get; private set; }

    /// <summary>The same, after it lay in the kernel for so long.</summary>
    internal FakeExchange Waited(TimeSpan wait)
    {
        Peer = Peer with { KernelWait = wait };
        return this;
    }

    /// <summary>The same, read from the socket now.</summary>
    internal FakeExchange ReadAt(TimeProvider time)
    {
        Peer = Peer with { ReadAt = time.GetTimestamp() };
        return this;
    }

    internal static FakeExchange From(string message, string peer = "127.0.0.1", bool isMerged = false)
    {
        var bytes = Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n"));
        var outcome = SipMessageReader.TryRead(bytes, SipParseLimits.Default, out var read);
        if (read is not SipRequest request) throw new InvalidOperationException($"{outcome}:\n{message}");
        return new FakeExchange(request, peer) { IsMerged = isMerged };
    }

    public void Respond(SipResponseBuilder response)
    {
        if (Answer is not null) throw new InvalidOperationException("Answered twice.");
        response.WithToTag("tag");
        SipMessageReader.TryRead(response.Build(), SipParseLimits.Default, out var read);
        Answer = (SipResponse)read!;
    }

    internal string? Header(string name) => Answer!.Headers.GetText(name);
}
