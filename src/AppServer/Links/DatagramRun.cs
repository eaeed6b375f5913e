using System.Net;
using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>Gathers datagrams to one address, made equally long, so that they leave in one system call.</summary>
/// <remarks>One per thread. A participant's own contact makes runs of one, an S-CSCF or a proxy long ones.</remarks>
internal sealed class DatagramRun
{
    // Padding costs bytes on the wire: this many are worth a system call.
    private const int PaddingMax = 64;

    // Of one system call: what the kernel cuts is one IP packet of 65,535 bytes at first.
    private const int BytesMax = 65_000;

    private readonly byte[] _bytes = new byte[64 * 1024]; // Also of a datagram that is larger and goes alone.
    private readonly List<(ParticipantPath Path, DeliveryHandle Handle)> _owners = [];
    private readonly Queue<(ParticipantPath Path, DeliveryHandle Handle)> _unsent = new();
    private UdpSender? _sender;
    private SocketAddress? _to;
    private int _bytesEach;

    /// <summary>Whether something waits to be sent or to be told of.</summary>
    internal bool HasWork => _owners.Count > 0 || _unsent.Count > 0;

    /// <summary>Takes one datagram; what came before it is sent when the two cannot leave together.</summary>
    /// <param name="sender">The way out.</param>
    /// <param name="to">Where to.</param>
    /// <param name="bytes">How long it is.</param>
    /// <param name="path">Told when it could not be sent.</param>
    /// <param name="handle">Its transaction.</param>
    /// <returns>Where to write it, at once and whole: as long as it is, or up to 64 bytes longer, to be padded.
    /// </returns>
    internal Span<byte> Add(
        UdpSender sender, SocketAddress to, int bytes, ParticipantPath path, DeliveryHandle handle)
    {
        if (!Joins(sender, to, bytes)) Send();
        if (_owners.Count == 0) (_sender, _to, _bytesEach) = (sender, to, bytes);
        var place = _bytes.AsSpan(_owners.Count * _bytesEach, _bytesEach);
        _owners.Add((path, handle));
        return place;
    }

    /// <summary>Sends what waits.</summary>
    internal void Send()
    {
        if (_owners.Count == 0) return;
        try
        {
            if (_owners.Count == 1) SendOneByOne();
            else SendTogether();
        }
        finally
        {
            _owners.Clear();
        }

        SendBatch.TimePassed();
    }

    /// <summary>Tells the paths of what the network did not take. That may send again.</summary>
    internal void TellUnsent()
    {
        while (_unsent.TryDequeue(out var one)) one.Path.Fail(one.Handle);
    }

    private void SendTogether()
    {
        var datagrams = _bytes.AsSpan(0, _owners.Count * _bytesEach);
        if (_sender!.TrySendSegments(datagrams, _bytesEach, _to!, out var isRefused)) return;
        // Where they go one by one, it is the segments that were refused. In a pause nothing was.
        if (SendOneByOne() && isRefused) _sender.PauseSegments();
    }

    private bool SendOneByOne()
    {
        var areAllSent = true;
        for (var i = 0; i < _owners.Count; i++)
        {
            if (_sender!.Send(_bytes.AsSpan(i * _bytesEach, _bytesEach), _to!)) continue;
            areAllSent = false;
            _unsent.Enqueue(_owners[i]);
        }

        return areAllSent;
    }

    private bool Joins(UdpSender sender, SocketAddress to, int bytes) =>
        _owners.Count < sender.SegmentsMax && sender == _sender
        && (_owners.Count + 1) * _bytesEach <= BytesMax
        && bytes <= _bytesEach && _bytesEach - bytes <= PaddingMax
        && (ReferenceEquals(to, _to) || to.Equals(_to));
}
