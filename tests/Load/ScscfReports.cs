using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Load;

/// <summary>Third-party REGISTERs of an S-CSCF (TS 24.229 5.4.1.7), as fast as they go, each resent like any
/// non-INVITE request (RFC 3261 17.1.2.2) until it is answered.</summary>
internal sealed class ScscfReports : IDisposable
{
    private const int ReceiveMilliseconds = 50;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
    {
        ReceiveBufferSize = 4 * 1024 * 1024, ReceiveTimeout = ReceiveMilliseconds,
    };

    private readonly IPEndPoint _server;

    internal ScscfReports(IPEndPoint server)
    {
        _server = server;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    /// <summary>Milliseconds from the first send to the final answer.</summary>
    internal List<float> AnswerMilliseconds { get; } = [];

    /// <summary>Answers of 503.</summary>
    internal int Unavailable { get; private set; }

    /// <summary>Other answers than 200 and 503.</summary>
    internal int Refused { get; private set; }

    /// <summary>REGISTERs sent again.</summary>
    internal int Resends { get; private set; }

    /// <summary>Reports them all and reads the answers. Blocks until each has one, or 32 s are over.</summary>
    internal void Report(IReadOnlyList<string> names)
    {
        var requests = names.Select(Request).ToArray();
        var sentAt = new long[requests.Length];
        var resends = new int[requests.Length];
        var open = Enumerable.Range(0, requests.Length).ToHashSet();
        // Read on a thread of its own: what is sent last must not wait to be counted as late.
        var reader = new Thread(() => ReadAnswers(sentAt, open)) { IsBackground = true, Name = "reports" };
        reader.Start();
        for (var i = 0; i < requests.Length; i++)
        {
            Volatile.Write(ref sentAt[i], Stopwatch.GetTimestamp());
            _socket.SendTo(requests[i], _server);
        }

        while (!reader.Join(ReceiveMilliseconds))
        {
            int[] unanswered;
            lock (open) unanswered = [.. open];
            foreach (var i in unanswered)
            {
                var next = 0.5 * ((1 << (resends[i] + 1)) - 1); // T1, then twice as long each time.
                if (Stopwatch.GetElapsedTime(sentAt[i]).TotalSeconds < next) continue;
                resends[i]++;
                Resends++;
                _socket.SendTo(requests[i], _server);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private void ReadAnswers(long[] sentAt, HashSet<int> open)
    {
        var buffer = new byte[8_192];
        var watch = Stopwatch.StartNew();
        while (open.Count > 0 && watch.Elapsed < TimeSpan.FromSeconds(32))
        {
            int length;
            try
            {
                length = _socket.Receive(buffer);
            }
            catch (SocketException waited) when (waited.SocketErrorCode == SocketError.TimedOut)
            {
                continue;
            }

            var now = Stopwatch.GetTimestamp();
            var answer = Encoding.ASCII.GetString(buffer, 0, length);
            var at = answer.IndexOf("branch=z9hG4bKreport", StringComparison.Ordinal) + 20;
            var number = int.Parse(answer.AsSpan(at, 8), System.Globalization.CultureInfo.InvariantCulture);
            lock (open)
            {
                if (!open.Remove(number)) continue;
            }

            AnswerMilliseconds.Add((float)Stopwatch.GetElapsedTime(sentAt[number], now).TotalMilliseconds);
            if (answer.StartsWith("SIP/2.0 503", StringComparison.Ordinal)) Unavailable++;
            else if (!answer.StartsWith("SIP/2.0 200", StringComparison.Ordinal)) Refused++;
        }
    }

    // As a Kamailio S-CSCF sends it: Contact and From are its own, To is the user.
    private byte[] Request(string name, int number)
    {
        var own = _socket.LocalEndPoint;
        return Encoding.ASCII.GetBytes(
            $"REGISTER sip:{_server} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bKreport{number:D8}\r\n"
            + $"To: <sip:{name}@conf.example>\r\nFrom: <sip:{own}>;tag=report{number}\r\nCSeq: 10 REGISTER\r\n"
            + $"Call-ID: report{number}@{own}\r\nContent-Length: 0\r\nEvent: registration\r\nMax-Forwards: 10\r\n"
            + $"Expires: 720\r\nContact: <sip:{own}>\r\n"
            + $"P-Associated-URI: <sip:{name}@conf.example>\r\n\r\n");
    }
}
