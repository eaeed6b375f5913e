using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sip.Stack.Authentication;

namespace Load;

/// <summary>Sends the chair's requests to the conference and keeps track of their answers.</summary>
/// <remarks>Over UDP it retransmits as a sender would (T1 500 ms, doubled up to 4 s), over TCP it does not.</remarks>
internal sealed class Driver : IDisposable
{
    internal const string Conference = "sip:conf-load@conf.example";
    internal const string Chair = "sip:chair@conf.example";
    internal const string ConferenceXml = "application/vnd.ims-conference+xml";

    private readonly Sink _sink;
    private readonly IPEndPoint _server;
    private readonly Socket? _stream;
    private readonly DigestClient? _digest; // Null where the next hop is trusted.
    private readonly ConcurrentDictionary<int, Request> _open = new();
    private readonly List<float> _answerMilliseconds = [];
    private readonly Timer _retransmit;
    private readonly Lock _sending = new();
    private int _branch;

    internal Driver(Sink sink, IPEndPoint server, bool isTcp, bool signs = false)
    {
        (_sink, _server) = (sink, server);
        sink.ResponseCame = OnResponse;
        if (isTcp)
        {
            _stream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _stream.Connect(server);
            if (signs) _digest = Participants.Authenticate(_stream, Participants.Chair, isContact: false);
            new Thread(ReadAnswers) { IsBackground = true, Name = "driver tcp" }.Start();
        }

        _retransmit = new Timer(_ => Retransmit(), null, 100, 100);
    }

    /// <summary>Requests answered with other than 2xx, by status.</summary>
    internal ConcurrentDictionary<int, int> Refused { get; } = new();

    private sealed record Request(byte[] Message, long FirstSentAt, TaskCompletionSource<int> Answered)
    {
        internal int Sends { get; set; } = 1;

        internal long NextSendAt { get; set; }
    }

    /// <summary>Sends one request body; completes with the final status.</summary>
    internal Task<int> SendAsync(
        byte[] body, string conference = Conference, string sender = Chair, string contentType = ConferenceXml)
    {
        var branch = Interlocked.Increment(ref _branch);
        var transport = _stream is null ? "UDP" : "TCP";
        var identity = _digest?.Preempt("MESSAGE", conference) is { } authorization
            ? $"Authorization: {authorization}"
            : $"P-Asserted-Identity: <{sender}>";
        var head = Encoding.ASCII.GetBytes(
            $"MESSAGE {conference} SIP/2.0\r\n"
            + $"Via: SIP/2.0/{transport} {_sink.Address};branch=z9hG4bKload{branch};rport\r\n"
            + $"Max-Forwards: 70\r\nFrom: <{sender}>;tag=load{branch}\r\nTo: <{conference}>\r\n"
            + $"Call-ID: load{branch}@{_sink.Address.Address}\r\nCSeq: 1 MESSAGE\r\n{identity}\r\n"
            + $"Content-Type: {contentType}\r\nContent-Length: {body.Length}\r\n\r\n");
        byte[] message = [.. head, .. body];
        var now = Stopwatch.GetTimestamp();
        var request = new Request(message, now, new(TaskCreationOptions.RunContinuationsAsynchronously))
        {
            NextSendAt = now + (Stopwatch.Frequency / 2),
        };
        _open[branch] = request;
        if (_stream is { } stream)
        {
            lock (_sending) stream.Send(message); // From several threads: no message may be cut by another.
        }
        else
        {
            _sink.Send(message, _server);
        }

        return request.Answered.Task;
    }

    internal (double P50, double P99) AnswerMilliseconds()
    {
        lock (_answerMilliseconds)
            return (Deliveries.At(_answerMilliseconds, 0.5), Deliveries.At(_answerMilliseconds, 0.99));
    }

    internal void Begin()
    {
        lock (_answerMilliseconds) _answerMilliseconds.Clear();
    }

    public void Dispose()
    {
        _retransmit.Dispose();
        _stream?.Dispose();
    }

    private void OnResponse(int branch, int status)
    {
        if (status < 200 || !_open.TryRemove(branch, out var request)) return;
        lock (_answerMilliseconds)
            _answerMilliseconds.Add((float)Stopwatch.GetElapsedTime(request.FirstSentAt).TotalMilliseconds);
        if (status >= 300) Refused.AddOrUpdate(status, 1, (_, n) => n + 1);
        request.Answered.TrySetResult(status);
    }

    private void Retransmit()
    {
        if (_stream is not null) return;
        var now = Stopwatch.GetTimestamp();
        foreach (var request in _open.Values)
        {
            if (request.NextSendAt > now) continue;
            request.NextSendAt = now + Math.Min(4 * Stopwatch.Frequency, (Stopwatch.Frequency / 2) << request.Sends);
            request.Sends++;
            _sink.Send(request.Message, _server);
        }
    }

    private void ReadAnswers()
    {
        var buffer = new byte[1 << 20];
        var buffered = 0;
        try
        {
            while (_stream!.Receive(buffer.AsSpan(buffered)) is > 0 and var read)
            {
                buffered += read;
                var start = 0;
                while (Answer.Frame(buffer.AsSpan(start, buffered - start)) is > 0 and var length)
                {
                    var message = buffer.AsSpan(start, length);
                    var status = ((message[8] - '0') * 100) + ((message[9] - '0') * 10) + (message[10] - '0');
                    var at = message.IndexOf("z9hG4bKload"u8);
                    if (at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(message[(at + 11)..], out int branch, out _))
                        OnResponse(branch, status);
                    start += length;
                }

                buffer.AsSpan(start, buffered - start).CopyTo(buffer);
                buffered -= start;
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Closed at the end of the run.
        }
    }
}
