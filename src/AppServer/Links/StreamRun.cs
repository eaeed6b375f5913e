using System.Buffers;
using Conference.Actors.Ports;
using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>Gathers messages to one stream, written once and where they leave from.</summary>
/// <remarks>One per thread. The lock of a stream is taken once per run, not once per message. A stream of one
/// participant makes runs of one, an S-CSCF long ones.</remarks>
internal sealed class StreamRun
{
    /// <summary>What one write carries at the most (WriteQueue.ChunkBytes in the stack).</summary>
    internal const int BytesMax = 64 * 1024;

    private readonly List<(ParticipantPath Path, DeliveryHandle Handle)> _owners = [];
    private readonly Queue<Unsent> _unsent = new();
    private byte[]? _bytes; // Pooled; of this run until a stream takes it over.
    private int _length;
    private SipConnection? _to;

    /// <summary>Whether something waits to be sent or to be told of.</summary>
    internal bool HasWork => _owners.Count > 0 || _unsent.Count > 0;

    private readonly record struct Unsent(
        ParticipantPath Path, DeliveryHandle Handle, SipConnection Stream, SipSendOutcome Outcome);

    /// <summary>Takes one message; what came before it is queued on its stream when the two cannot leave together.
    /// </summary>
    /// <param name="to">The stream.</param>
    /// <param name="bytes">How long it is, at most <see cref="BytesMax"/>.</param>
    /// <param name="path">Told when it could not be sent.</param>
    /// <param name="handle">Its transaction.</param>
    /// <returns>Where to write it, at once and whole.</returns>
    internal Span<byte> Add(SipConnection to, int bytes, ParticipantPath path, DeliveryHandle handle)
    {
        if (_owners.Count > 0 && (to != _to || _length + bytes > BytesMax)) Send();
        _bytes ??= ArrayPool<byte>.Shared.Rent(BytesMax);
        _to = to;
        _owners.Add((path, handle));
        _length += bytes;
        return _bytes.AsSpan(_length - bytes, bytes);
    }

    /// <summary>Takes the message back that was added last and could not be written: its bytes would be garbage in a
    /// stream of many.</summary>
    internal void TakeBack(int bytes)
    {
        _owners.RemoveAt(_owners.Count - 1);
        _length -= bytes;
    }

    /// <summary>Queues what waits on its stream, which begins to send when it has enough.</summary>
    internal void Send()
    {
        if (_owners.Count == 0) return;
        try
        {
            var outcome = _to!.WriteRun(_bytes!, _length, out var isTaken);
            if (isTaken) _bytes = null;
            if (outcome == SipSendOutcome.Sent)
            {
                SendBatch.NoteWritten(_to);
            }
            else
            {
                foreach (var (path, handle) in _owners) NoteUnsent(path, handle, _to, outcome);
            }
        }
        finally
        {
            _owners.Clear();
            (_length, _to) = (0, null);
        }

        SendBatch.TimePassed();
    }

    /// <summary>A stream did not take a message.</summary>
    internal void NoteUnsent(
        ParticipantPath path, DeliveryHandle handle, SipConnection stream, SipSendOutcome outcome) =>
        _unsent.Enqueue(new Unsent(path, handle, stream, outcome));

    /// <summary>Tells the paths of what no stream took. That may send again.</summary>
    internal void TellUnsent()
    {
        while (_unsent.TryDequeue(out var one))
        {
            if (one.Outcome == SipSendOutcome.QueueFull) one.Path.WaitForRoom(one.Handle, one.Stream);
            else if (one.Outcome == SipSendOutcome.TooLarge) one.Path.Fail(one.Handle, DeliveryOutcome.TooLarge);
            else one.Path.Fail(one.Handle);
        }
    }
}
