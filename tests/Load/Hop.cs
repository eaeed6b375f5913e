using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;

namespace Load;

/// <summary>What is behind the sink: members who answer, late or not at all, over a network that loses datagrams and
/// takes its time.</summary>
/// <remarks>Which datagrams are lost follows from the seed, the member and how many came for it before: the same in
/// every run, whatever the timing between members.</remarks>
internal sealed class Hop : IDisposable
{
    /// <summary>How long a slow member takes.</summary>
    internal static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(2);

    private readonly HopMember[] _members; // By number, from 0.
    private readonly DelayedAnswers _delayed = new();
    private readonly ulong _seed;
    private long _messages;
    private long _bytes;
    private long _overStreams;

    internal Hop(IReadOnlyList<Audience> audiences, int seed)
    {
        Audiences = audiences;
        _seed = (ulong)seed;
        _members =
        [
            .. audiences.OrderBy(a => a.First)
                .SelectMany(a => Enumerable.Range(0, a.Count).Select(number => new HopMember(a, number))),
        ];
    }

    internal IReadOnlyList<Audience> Audiences { get; }

    /// <summary>From a MESSAGE to its answer.</summary>
    internal TimeSpan RoundTrip { get; set; }

    /// <summary>Fraction of datagrams that are lost, each way.</summary>
    internal double Loss { get; set; }

    /// <summary>MESSAGEs that came, resends included.</summary>
    internal long Messages => Interlocked.Read(ref _messages);

    /// <summary>Bytes of these and of their answers, without the headers of IP, UDP and TCP.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Of the MESSAGEs, those that came over a stream.</summary>
    internal long OverStreams => Interlocked.Read(ref _overStreams);

    /// <summary>Arrivals for <see cref="Watched"/>.</summary>
    internal ArrivalLog Arrivals { get; } = new();

    internal Audience? Watched { get; set; }

    internal HopMember Member(Audience audience, int number) => _members[audience.First - 1 + number];

    internal IEnumerable<HopMember> Members(Audience audience) =>
        _members.AsSpan(audience.First - 1, audience.Count).ToArray();

    public void Dispose() => _delayed.Dispose();

    /// <summary>A request came.</summary>
    /// <param name="message">The whole of it.</param>
    /// <param name="back">Where its answer goes.</param>
    /// <param name="answer">Room for one that is sent at once.</param>
    /// <param name="length">Of the answer.</param>
    /// <returns>Whether there is something to send now.</returns>
    internal bool Take(ReadOnlySpan<byte> message, in ReplyPath back, Span<byte> answer, out int length)
    {
        var now = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _messages);
        Interlocked.Add(ref _bytes, message.Length);
        if (!back.IsDatagram) Interlocked.Increment(ref _overStreams);
        if (MemberOf(message) is { } member)
        {
            lock (member) return Take(member, message, back, now, answer, out length);
        }

        // A chair, or one who joined during the run: not followed, and as far away as the others.
        length = Answer.Write(message, answer);
        return SendNowOrLater(RoundTrip, now, back, member: null, answer, ref length);
    }

    private bool Take(
        HopMember member, ReadOnlySpan<byte> message, in ReplyPath back, long now, Span<byte> answer, out int length)
    {
        length = 0;
        member.NoteArrival(TokenOf(message));
        if (member.Audience == Watched) Arrivals.Note(now);
        if (member.Behaviour == Behaviour.Dead) return false;
        if (back.IsDatagram && IsLost(member, way: 0)) return false;
        if (!member.IsRead && member.Behaviour != Behaviour.Away) Read(member, message, now);
        if (member.IsAnswerDue) return false; // RFC 3261 17.2.2: a resend in Trying is discarded.
        if (back.IsDatagram && IsLost(member, way: 1)) return false;
        if (member.IsLost) (member.IsLost, member.FreeSince) = (false, now);
        length = member.Behaviour == Behaviour.Away
            ? Answer.Write(message, "SIP/2.0 480 Temporarily Unavailable\r\n"u8, answer)
            : Answer.Write(message, answer);
        var after = member.Behaviour == Behaviour.Slow ? SlowAnswer : RoundTrip;
        return SendNowOrLater(after, now, back, member, answer, ref length);
    }

    private bool SendNowOrLater(
        TimeSpan after, long now, in ReplyPath back, HopMember? member, Span<byte> answer, ref int length)
    {
        if (length == 0) return false;
        Interlocked.Add(ref _bytes, length);
        if (after == TimeSpan.Zero)
        {
            member?.NoteAnswered();
            return true;
        }

        if (member is not null) member.IsAnswerDue = true;
        _delayed.Add(now + (long)(after.TotalSeconds * Stopwatch.Frequency), answer[..length], back, member);
        return false;
    }

    // Events name the request that led to them; in a snapshot the marks name their event.
    private static void Read(HopMember member, ReadOnlySpan<byte> message, long now)
    {
        member.IsRead = true;
        var body = message[(message.IndexOf("\r\n\r\n"u8) + 4)..];
        if (body.StartsWith("<snapshot"u8))
        {
            member.Snapshots++;
            while (Answer.TryNextMark(ref body, out var mark)) member.UpTo = Math.Max(member.UpTo, mark);
            return;
        }

        while (body.IndexOf(Bodies.RequestPrefix) is >= 0 and var at)
        {
            body = body[(at + Bodies.RequestPrefix.Length)..];
            if (!Utf8Parser.TryParse(body, out int number, out _)) continue;
            member.Audience.Note(member.Number, number, now, member.IsLost, member.FreeSince);
            member.UpTo = Math.Max(member.UpTo, number);
        }
    }

    private HopMember? MemberOf(ReadOnlySpan<byte> message)
    {
        var start = "MESSAGE sip:+4917"u8;
        return message.StartsWith(start) && Utf8Parser.TryParse(message[start.Length..], out int number, out _)
            && number > 0 && number <= _members.Length
            ? _members[number - 1]
            : null;
    }

    // The branch is new for each MESSAGE and the same in its resends: 24 digits, random for the most part.
    private static ulong TokenOf(ReadOnlySpan<byte> message)
    {
        var start = "branch=z9hG4bKfan-"u8;
        var at = message.IndexOf(start);
        if (at < 0 || message.Length < at + start.Length + 24) return 0;
        var digits = message.Slice(at + start.Length, 24);
        var hash = 0UL;
        for (var i = 0; i < 24; i += 8) hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(digits[i..]));
        return hash;
    }

    private bool IsLost(HopMember member, int way)
    {
        if (Loss <= 0) return false;
        var number = (ulong)(member.Audience.First + member.Number);
        var draw = Mix(Mix(_seed ^ (number << 32)) ^ (((ulong)member.Arrivals << 1) | (uint)way));
        if (draw >= Loss * ulong.MaxValue) return false;
        member.IsLost = true;
        return true;
    }

    // SplitMix64: every bit of the result depends on every bit of the argument.
    private static ulong Mix(ulong value)
    {
        value += 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
