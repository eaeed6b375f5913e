using System.Net;
using System.Text;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transactions;

/// <summary>An in-memory way out: keeps what is sent, and fails on demand.</summary>
internal sealed class RecordingWire : ITransactionWire
{
    private readonly List<(SipDestination To, string Text)> _sent = [];

    internal SipSendOutcome Outcome { get; set; } = SipSendOutcome.Sent;

    internal int Count
    {
        get
        {
            lock (_sent) return _sent.Count;
        }
    }

    internal (SipDestination To, string Text) Last
    {
        get
        {
            lock (_sent) return _sent[^1];
        }
    }

    public SipSendOutcome Send(
        in SipDestination destination,
        IPEndPoint? from,
        ReadOnlyMemory<byte> head,
        ReadOnlyMemory<byte> body,
        out SipConnection? used)
    {
        used = null;
        lock (_sent) _sent.Add((destination, Encoding.UTF8.GetString(head.Span) + Encoding.UTF8.GetString(body.Span)));
        return Outcome;
    }

    /// <summary>Start lines of all that was sent, oldest first.</summary>
    internal IReadOnlyList<string> StartLines()
    {
        lock (_sent) return [.. _sent.Select(s => s.Text[..s.Text.IndexOf("\r\n", StringComparison.Ordinal)])];
    }
}
