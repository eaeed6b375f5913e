using System.Collections.Immutable;
using System.Text;
using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Xunit;

namespace Conference.Actors.Tests.Focus;

/// <summary>People, commands and states that the tests of the focus share.</summary>
internal static class FocusData
{
    internal static readonly ConferenceUri Uri = ConferenceUri.Parse("sip:conf-1@conf.test");
    internal static readonly ParticipantUri Chair = ParticipantUri.Parse("sip:chair@test");
    internal static readonly ParticipantUri Ann = ParticipantUri.Parse("sip:ann@test");
    internal static readonly ParticipantUri Bob = ParticipantUri.Parse("sip:bob@test");
    internal static readonly ParticipantUri Eve = ParticipantUri.Parse("sip:eve@test");
    internal static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    internal static readonly PageRef PageOne = new("d", 1);
    internal static readonly PageRef PageTwo = new("d", 2);

    private static int _ids;

    internal static ConferenceCommand Command(
        ParticipantUri sender, RequestAction action, string? id = null, ulong hash = 0) =>
        new(Uri, sender, new ConferenceRequest(id ?? $"r{Interlocked.Increment(ref _ids)}", action), hash);

    internal static CreateConference Create(bool isOpen = false, Rights rights = Rights.Draw) => new(
        "Ward round", [new Invitee(Ann, Role.Participant, "Ann"), new Invitee(Bob, Role.Observer)], rights, isOpen);

    internal static byte[] Content(int number, int size = 100) =>
        [.. Enumerable.Range(0, size).Select(i => (byte)((i * 7) + number))];

    internal static PageDescriptor Describe(PageRef page, byte[] content) =>
        new(page, 640, 480, "image/png", content.Length, ContentDigest.OfHex(content));

    internal static SharePage Share(PageRef page, byte[]? content = null)
    {
        content ??= Content(page.Number);
        return new SharePage(Describe(page, content), 1, 1, content);
    }

    internal static SharePage Part(PageRef page, byte[] content, int part, int parts)
    {
        var size = (content.Length + parts - 1) / parts;
        return new SharePage(
            Describe(page, content), part, parts, content.Skip((part - 1) * size).Take(size).ToArray());
    }

    internal static Mark Line(string id, int x = 10, int y = 20) => new()
    {
        Id = id, Kind = MarkKind.Line, Points = [new PagePoint(x, y), new PagePoint(x + 100, y + 100)],
    };

    internal static Operate Draw(string id, PageRef? page = null) =>
        new(page ?? PageOne, [new AddMark(Line(id))]);

    internal static Operate Operate(params MarkOperation[] operations) => new(PageOne, [.. operations]);

    /// <summary>Chair, Ann (may draw), Bob (observer); document d of 3 pages, page 1 shared.</summary>
    internal static RulesDriver Shared(FocusOptions? options = null)
    {
        var driver = new RulesDriver(options);
        driver.Accept(Chair, Create());
        driver.Accept(Chair, new ShareDocument("d", "Letter.doc", 3));
        driver.Accept(Chair, Share(PageOne));
        return driver;
    }

    internal static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}

/// <summary>Runs commands through the rules as the actor does, without actor, store or clock.</summary>
internal sealed class RulesDriver(FocusOptions? options = null)
{
    internal FocusOptions Options { get; } = options ?? new FocusOptions();

    internal ConferenceState State { get; set; } =
        ConferenceState.Before(FocusData.Uri, (options ?? new FocusOptions()).StateLimits);

    internal List<ConferenceEvent> Events { get; } = [];

    internal ImmutableHashSet<string> Lost { get; set; } = [];

    internal DateTimeOffset Now { get; set; } = FocusData.Start;

    internal Decision Decide(ConferenceCommand command) =>
        ConferenceRules.Decide(State, command, new RuleContext(Options, Lost));

    internal Decision Try(ConferenceCommand command)
    {
        var decision = Decide(command);
        if (decision is Decision.Accept accept)
        {
            Apply(command.Sender, command.Request.Id, accept.Body, command.ContentHash);
        }
        else if (decision is Decision.Serve serve)
        {
            Apply(serve.Author, string.Empty, serve.Body, 0);
        }

        while (!State.HasEnded && ServerRules.Next(State, Now, Options) is { } due)
        {
            Apply(due.Author, string.Empty, due.Body, 0);
        }

        return decision;
    }

    internal Decision Try(ParticipantUri sender, RequestAction action) => Try(FocusData.Command(sender, action));

    internal EventBody Accept(ParticipantUri sender, RequestAction action) =>
        Assert.IsType<Decision.Accept>(Try(sender, action)).Body;

    internal T Accept<T>(ParticipantUri sender, RequestAction action)
        where T : EventBody => Assert.IsType<T>(Accept(sender, action));

    internal void Refuse(RefuseReason reason, ParticipantUri sender, RequestAction action)
    {
        var before = State;
        Assert.Equal(reason, Assert.IsType<Decision.Refuse>(Try(sender, action)).Reason);
        Assert.Same(before, State);
    }

    internal void Done(ParticipantUri sender, RequestAction action) =>
        Assert.IsType<Decision.Done>(Try(sender, action));

    private void Apply(ParticipantUri author, string requestId, EventBody body, ulong hash)
    {
        var next = new ConferenceEvent(State.Revision + 1, author, requestId, Now, body);
        State = State.Apply(next, hash);
        Events.Add(next);
    }
}
