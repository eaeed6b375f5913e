using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Sip.Stack.Authentication;

namespace Load;

/// <summary>The members of the conference: their names, and in Standalone mode their registrations.</summary>
internal static class Participants
{
    internal const string Chair = "chair";
    internal const string Password = "load";

    private const string NamePrefix = "+4917";
    private const int NameDigits = 8;

    internal static IEnumerable<string> Names(int count) => Names(1, count);

    /// <summary>Names of a range of numbers.</summary>
    internal static IEnumerable<string> Names(int first, int count) =>
        Enumerable.Range(first, count)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}{i:D8}"));

    /// <summary>Whom a request is for, from 1 on, by its Request-URI; 0 when that is none of <see cref="Names(int)"/>.
    /// </summary>
    internal static int NumberOf(ReadOnlySpan<byte> request)
    {
        var start = "MESSAGE sip:+4917"u8;
        return request.StartsWith(start)
            && Utf8Parser.TryParse(request[start.Length..], out int number, out var digits) && digits == NameDigits
            ? number
            : 0;
    }

    /// <summary>A conference of them all, as the provisioning file wants it.</summary>
    internal static object Conference(int count) => new
    {
        name = "load",
        chair = Driver.Chair,
        members = Names(count).Select(name => new { uri = $"sip:{name}@conf.example", role = "participant" }).ToArray(),
    };

    /// <summary>Registers each over a stream of its own, which the sink reads from then on.</summary>
    internal static void Connect(LoadOptions options, Sink sink, IPEndPoint server)
    {
        if (!options.HasStreamEach) return;
        foreach (var name in Names(options.Members))
        {
            var stream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            stream.Connect(server);
            Authenticate(stream, name, isContact: true);
            sink.Attach(stream);
        }
    }

    /// <summary>Sends a REGISTER and answers its challenge; without a contact it changes nothing (RFC 3261 10.2.3).
    /// </summary>
    /// <returns>What signs further requests of this user.</returns>
    internal static DigestClient Authenticate(Socket stream, string name, bool isContact)
    {
        var digest = new DigestClient(name, Password, RandomNumberGenerator.Fill);
        var challenged = Exchange(stream, name, isContact, 1, "");
        var challenges = challenged.Split("\r\n")
            .Where(line => line.StartsWith("WWW-Authenticate: ", StringComparison.OrdinalIgnoreCase))
            .Select(line => line["WWW-Authenticate: ".Length..]);
        var outcome = digest.Answer(challenges, "REGISTER", RegistrarUri, false, out var authorization);
        var answer = Exchange(stream, name, isContact, 2, $"Authorization: {authorization}\r\n");
        return outcome == DigestClientOutcome.Answered && answer.StartsWith("SIP/2.0 200", StringComparison.Ordinal)
            ? digest
            : throw new InvalidOperationException($"REGISTER of {name} failed: {answer}");
    }

    private const string RegistrarUri = "sip:conf.example";

    private static string Exchange(Socket stream, string name, bool isContact, int sequence, string authorization)
    {
        var contact = isContact ? $"Contact: <sip:{name}@{stream.LocalEndPoint};transport=tcp>\r\n" : "";
        stream.Send(Encoding.ASCII.GetBytes(
            $"REGISTER {RegistrarUri} SIP/2.0\r\n"
            + $"Via: SIP/2.0/TCP {stream.LocalEndPoint};branch=z9hG4bKreg{sequence}{name};rport\r\n"
            + $"Max-Forwards: 70\r\nFrom: <sip:{name}@conf.example>;tag=reg\r\nTo: <sip:{name}@conf.example>\r\n"
            + $"Call-ID: reg-{name}\r\nCSeq: {sequence} REGISTER\r\n{contact}{authorization}"
            + "Expires: 3600\r\nContent-Length: 0\r\n\r\n"));
        while (true)
        {
            var message = ReceiveOne(stream);
            if (message.AsSpan().StartsWith("SIP/2.0 "u8)) return Encoding.ASCII.GetString(message);
            // A registered member is sent what it missed before its REGISTER is answered.
            var answer = new byte[8_192];
            stream.Send(answer.AsSpan(0, Answer.Write(message, answer)));
        }
    }

    // Takes one message and leaves what follows it to the next reader of the stream.
    private static byte[] ReceiveOne(Socket stream)
    {
        var buffer = new byte[1024 * 1024];
        while (stream.Receive(buffer, SocketFlags.Peek) is > 0 and var peeked)
        {
            if (Answer.Frame(buffer.AsSpan(0, peeked)) is not (> 0 and var length)) continue;
            stream.Receive(buffer, length, SocketFlags.None);
            return buffer[..length];
        }

        throw new InvalidOperationException("The server closed the stream of a participant.");
    }
}
