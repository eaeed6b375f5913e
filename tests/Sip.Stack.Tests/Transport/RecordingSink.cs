using System.Text;
using System.Threading.Channels;
using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

/// <summary>Stands above a transport: notes what comes up, and takes responses that say "Own" as the fan-out does.
/// </summary>
internal sealed class RecordingSink : ISipMessageSink, IResponseInterceptor
{
    private readonly Channel<string> _passed = Channel.CreateUnbounded<string>();

    /// <summary>Responses that were taken before the parser.</summary>
    internal int Taken { get; private set; }

    /// <summary>Batches begun and not ended.</summary>
    internal int Depth { get; private set; }

    /// <summary>Where the last message came from, and when.</summary>
    internal SipPeer LastPeer { get; private set; }

    public void OnMessage(ReadOnlySpan<byte> message, in SipPeer peer)
    {
        LastPeer = peer;
        if (message.StartsWith("THROW"u8)) throw new InvalidOperationException("A bug of the handler.");
        _passed.Writer.TryWrite(Encoding.Latin1.GetString(message));
    }

    public void OnMalformed(SipParseOutcome outcome, ReadOnlySpan<byte> message, in SipPeer peer)
    {
    }

    public void OnConnectionClosed(SipConnection connection)
    {
    }

    public bool TryHandle(ReadOnlySpan<byte> message)
    {
        if (Depth != 1 || message.IndexOf("Own"u8) < 0) return false;
        Taken++;
        return true;
    }

    public bool TryTake(ReadOnlySpan<byte> buffered, out int length)
    {
        length = 0;
        return false;
    }

    public void BeginBatch() => Depth++;

    public void EndBatch() => Depth--;

    /// <summary>What came up since the last call.</summary>
    internal List<string> TakePassed()
    {
        var passed = new List<string>();
        while (_passed.Reader.TryRead(out var message)) passed.Add(message);
        return passed;
    }

    /// <summary>Waits for the next message that comes up.</summary>
    internal async Task<string> NextAsync() =>
        await _passed.Reader.ReadAsync().AsTask().WaitAsync(TestStack.Patience);
}
