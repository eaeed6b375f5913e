using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Load;

/// <summary>All members of the conference behind one next hop: answers each MESSAGE and notes each event.</summary>
internal sealed class Sink : IDisposable
{
    // What a stream to one next hop for all may bring at once, and what one participant's may: a page and more.
    private const int StreamForAllBytes = 4 * 1024 * 1024;
    private const int StreamEachBytes = 1024 * 1024;

    private readonly LoadOptions _options;
    private readonly Hop? _hop;
    private readonly Socket _udp;
    private readonly Socket _listener;
    private readonly List<Thread> _threads = [];
    private readonly Random _chance = new(1);
    private readonly HashSet<long> _ignored = [];
    private volatile bool _isStopping;

    internal Sink(LoadOptions options, Deliveries deliveries, Hop? hop = null)
    {
        _options = options;
        _hop = hop;
        Deliveries = deliveries;
        (_udp, _listener) = BindBoth();
        Start(ReceiveDatagrams, "sink udp");
        Start(AcceptStreams, "sink accept");
    }

    internal Deliveries Deliveries { get; }

    internal IPEndPoint Address => (IPEndPoint)_udp.LocalEndPoint!;

    /// <summary>Answers that came to requests of the driver, by its branch number.</summary>
    internal Action<int, int>? ResponseCame { get; set; }

    /// <summary>From now on MESSAGEs are counted and get no answer.</summary>
    internal bool IsMute { get; set; }

    internal void Send(ReadOnlySpan<byte> message, IPEndPoint to) => _udp.SendTo(message, to);

    /// <summary>Reads and answers on a stream that a participant opened.</summary>
    internal void Attach(Socket stream) => Start(() => ReadStream(stream, StreamEachBytes), "sink tcp");

    public void Dispose()
    {
        _isStopping = true;
        _udp.Dispose();
        _listener.Dispose();
        _threads.ForEach(t => t.Join());
    }

    /// <summary>A port of loopback for both.</summary>
    internal static (Socket Udp, Socket Tcp) BindBoth()
    {
        while (true)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            {
                ReceiveBufferSize = 4 * 1024 * 1024, SendBufferSize = 4 * 1024 * 1024,
            };
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                tcp.Bind(udp.LocalEndPoint!);
                tcp.Listen(100);
                return (udp, tcp);
            }
            catch (SocketException)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private void Start(ThreadStart loop, string name)
    {
        var thread = new Thread(() =>
        {
            try
            {
                loop();
            }
            catch (Exception ended)
                when ((_isStopping || IsMute) && ended is SocketException or ObjectDisposedException)
            {
                // The socket was closed under the loop, or the server was killed: that is how it ends.
            }
        })
        { IsBackground = true, Name = name };
        lock (_threads) _threads.Add(thread);
        thread.Start();
    }

    private void ReceiveDatagrams()
    {
        var buffer = new byte[65_536];
        var answer = new byte[8_192];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        ReplyPath back = new(_udp, null);
        while (!_isStopping)
        {
            var length = _udp.ReceiveFrom(buffer, SocketFlags.None, from);
            if (!from.Equals(back.To)) back = new ReplyPath(_udp, Copy(from));
            if (Take(buffer.AsSpan(0, length), back, answer, out var answerLength))
                _udp.SendTo(answer.AsSpan(0, answerLength), SocketFlags.None, from);
        }
    }

    private static SocketAddress Copy(SocketAddress address)
    {
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }

    private void AcceptStreams()
    {
        while (!_isStopping)
        {
            var stream = _listener.Accept();
            stream.NoDelay = true;
            Start(() => ReadStream(stream, StreamForAllBytes), "sink tcp");
        }
    }

    private void ReadStream(Socket stream, int bytes)
    {
        using var owned = stream;
        var buffer = new byte[bytes];
        var answers = new byte[bytes];
        var answer = new byte[8_192];
        var buffered = 0;
        var back = new ReplyPath(stream, null);
        while (!_isStopping)
        {
            var read = stream.Receive(buffer.AsSpan(buffered));
            if (read == 0) return;
            buffered += read;
            var start = 0;
            var toSend = 0;
            while (Answer.Frame(buffer.AsSpan(start, buffered - start)) is > 0 and var length)
            {
                if (Take(buffer.AsSpan(start, length), back, answer, out var answerLength))
                {
                    answer.AsSpan(0, answerLength).CopyTo(answers.AsSpan(toSend));
                    toSend += answerLength;
                }

                start += length;
            }

            if (toSend > 0) back.Send(answers.AsSpan(0, toSend));
            buffer.AsSpan(start, buffered - start).CopyTo(buffer);
            buffered -= start;
        }
    }

    // Notes a message; false when it gets no answer. Streams lose nothing: TCP sends again below SIP.
    private bool Take(ReadOnlySpan<byte> message, in ReplyPath back, Span<byte> answer, out int length)
    {
        length = 0;
        if (message.StartsWith("SIP/2.0 "u8))
        {
            NoteResponse(message);
            return false;
        }

        if (_hop is { } hop) return hop.Take(message, back, answer, out length);
        if (_options.Loss > 0 && back.IsDatagram && IsLost(message, _options.Loss)) return false;
        var now = Stopwatch.GetTimestamp();
        Deliveries.Note(message, now);
        if (IsMute) return false;
        length = Answer.Write(message, answer);
        return length > 0;
    }

    private void NoteResponse(ReadOnlySpan<byte> message)
    {
        var status = ((message[8] - '0') * 100) + ((message[9] - '0') * 10) + (message[10] - '0');
        var at = message.IndexOf("z9hG4bKload"u8);
        if (at < 0 || !System.Buffers.Text.Utf8Parser.TryParse(message[(at + 11)..], out int number, out _)) return;
        Deliveries.NoteAnswer(number, status, message);
        ResponseCame?.Invoke(number, status);
    }

    // The first arrival of a fraction of the messages; by a hash of the branch, so that the second one is taken.
    private bool IsLost(ReadOnlySpan<byte> message, double loss)
    {
        var at = message.IndexOf("branch="u8);
        if (at < 0) return false;
        var hash = new HashCode();
        hash.AddBytes(message.Slice(at, 40));
        lock (_ignored)
        {
            return _chance.NextDouble() < loss && _ignored.Add(hash.ToHashCode());
        }
    }
}
