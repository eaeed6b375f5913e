using System.Globalization;
using System.Text;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Sip.Stack.Messages;
using Xunit;

namespace EndToEnd.Sipp;

/// <summary>Reads what the scenarios log.</summary>
internal static class SippLog
{
    /// <summary>Whole SIP messages, one after the other.</summary>
    internal static List<SipMessage> Messages(byte[] log)
    {
        var messages = new List<SipMessage>();
        for (var at = 0; at < log.Length;)
        {
            if (log[at] is (byte)'\n' or (byte)'\r')
            {
                at++;
                continue;
            }

            var head = log.AsSpan(at).IndexOf("\r\n\r\n"u8);
            if (head < 0) break; // Being written.
            var bytes = head + 4 + ContentLength(Encoding.ASCII.GetString(log, at, head));
            if (at + bytes > log.Length) break;
            var outcome = SipMessageReader.TryRead(log.AsSpan(at, bytes), SipParseLimits.Default, out var message);
            Assert.Equal(SipParseOutcome.Ok, outcome);
            messages.Add(message!);
            at += bytes;
        }

        return messages;
    }

    /// <summary>The lines "user id revision" of the 202s.</summary>
    internal static List<AcceptedRequest> Accepted(byte[] log, string domain) =>
        [.. Encoding.UTF8.GetString(log).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            var words = line.Trim().Split(' ');
            return new AcceptedRequest(
                ParticipantUri.Parse($"sip:{words[0]}@{domain}"), words[1],
                long.Parse(words[2], CultureInfo.InvariantCulture));
        })];

    private static int ContentLength(string head)
    {
        var line = head.Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.Ordinal));
        return int.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
    }
}

/// <summary>A request with its 202.</summary>
internal sealed record AcceptedRequest(ParticipantUri Author, string Id, long Revision);

/// <summary>What one member got, followed by revisions as docs/protocol.md tells a client to.</summary>
internal sealed class MemberView
{
    private readonly SnapshotMerger _snapshots = new();
    private readonly HashSet<long> _own;

    private MemberView(HashSet<long> own) => _own = own;

    /// <summary>Everything up to here is known.</summary>
    internal long Revision { get; private set; }

    /// <summary>Messages that began with what was known.</summary>
    internal int Repeated { get; private set; }

    /// <summary>The events in the order in which they came, each revision once.</summary>
    internal List<ConferenceEvent> Events { get; } = [];

    /// <summary>The views of all members to whom deliveries were logged.</summary>
    /// <param name="log">Of the scenario that takes deliveries.</param>
    /// <param name="accepted">What members know from their 202s: it is not sent to them again.</param>
    internal static Dictionary<ParticipantUri, MemberView> All(byte[] log, params IEnumerable<AcceptedRequest> accepted)
    {
        var own = accepted.ToLookup(request => request.Author, request => request.Revision);
        var views = new Dictionary<ParticipantUri, MemberView>();
        foreach (var message in SippLog.Messages(log))
        {
            var member = ParticipantUri.Parse(message.To!.UriText);
            if (!views.TryGetValue(member, out var view))
                views[member] = view = new MemberView([.. own[member]]);
            ServerMessageReader.TryRead(message.Body, ProtocolLimits.Default, out var body, out var fault);
            Assert.True(body is not null, fault?.Text);
            view.Take(body);
        }

        return views;
    }

    private void Take(ServerMessage message)
    {
        if (message is Snapshot part && _snapshots.Add(part) is { } whole) Revision = whole.Revision;
        if (message is not Notification notification) return;
        var known = Revision;
        while (_own.Contains(known + 1)) known++;
        Assert.InRange(notification.FromRevision, 1, known + 1); // No gap.
        if (notification.FromRevision <= Revision) Repeated++;
        if (notification.ToRevision <= Revision) return;
        Events.AddRange(notification.Events.Where(happened => happened.Revision > Revision));
        Revision = notification.ToRevision;
    }
}
