using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Requests;
using CsCheck;

namespace Conference.Actors.Tests.Focus;

/// <summary>One random step: who asks, what, and how much later.</summary>
internal sealed record Step(ParticipantUri Sender, RequestAction Action, int Seconds);

/// <summary>Random histories: small numbers of people, pages and marks, so that they meet.</summary>
internal static class FocusGenerators
{
    private static readonly ImmutableArray<ParticipantUri> People =
        [FocusData.Chair, FocusData.Chair, FocusData.Ann, FocusData.Bob, FocusData.Eve];

    private static readonly Gen<ParticipantUri> Person = Gen.Int[0, People.Length - 1].Select(i => People[i]);

    private static readonly Gen<PageRef> Page =
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 4], (document, number) => new PageRef(document == 0 ? "d" : "e", number));

    private static readonly Gen<string> MarkId = Gen.Int[0, 5].Select(i => $"m{i}");

    private static readonly Gen<Mark> AnyMark = Gen.Select(
        MarkId, Gen.Int[-1, 4], Gen.Int[0, 5], (id, x, color) => FocusData.Line(id, x * 20_000) with
        {
            Color = (uint)color,
        });

    private static readonly Gen<MarkOperation> Operation = Gen.Frequency<MarkOperation>(
        (5, AnyMark.Select(mark => (MarkOperation)new AddMark(mark))),
        (3, AnyMark.Select(mark => (MarkOperation)new ModifyMark(mark))),
        (3, Gen.Select(MarkId, Gen.Int[-50, 50], (id, by) => (MarkOperation)new MoveMarks([id], by, -by))),
        (2, MarkId.Select(id => (MarkOperation)new DeleteMarks([id]))),
        (1, Gen.Const((MarkOperation)new ClearPage())));

    private static readonly Gen<Rights> AnyRights = Gen.Int[0, 31].Select(bits => (Rights)bits);

    private static readonly Gen<RequestAction> Action = Gen.Frequency<RequestAction>(
        (30, Gen.Select(Page, Operation.Array[1, 3], (page, all) => (RequestAction)new Operate(page, [.. all]))),
        (12, Gen.Const((RequestAction)new Undo())),
        (8, Gen.Const((RequestAction)new Redo())),
        (8, Page.Select(page => (RequestAction)FocusData.Share(page))),
        (6, Page.Select(page => (RequestAction)new TurnPage(page))),
        (2, Page.Select(page => (RequestAction)new PageUnavailable(page, "no"))),
        (3, Page.Select(page => (RequestAction)new ShareDocument(page.DocumentId, "n", 3))),
        (1, Page.Select(page => (RequestAction)new CloseDocument(page.DocumentId))),
        (3, Gen.Const((RequestAction)new JoinConference("x"))),
        (1, Gen.Const((RequestAction)new LeaveConference())),
        (2, Gen.Select(Person, AnyRights, (who, rights) => (RequestAction)new GrantRights(who, rights))),
        (2, Gen.Select(Person, AnyRights, (who, rights) => (RequestAction)new RevokeRights(who, rights))),
        (2, Gen.Select(Person, Gen.Int[0, 3], (who, role) => (RequestAction)new SetRole(who, (Role)role))),
        (1, AnyRights.Select(rights => (RequestAction)new SetDefaultRights(rights))),
        (1, AnyRights.Select(rights => (RequestAction)new RequestRights(rights))),
        (1, Person.Select(who => (RequestAction)new RemoveMember(who))),
        (1, Gen.Const((RequestAction)new SaveConference())),
        (1, Gen.Const((RequestAction)new Say("hello"))));

    internal static readonly Gen<Step[]> Histories =
        Gen.Select(Person, Action, Gen.Int[0, 3], (who, what, later) => new Step(who, what, later)).Array[0, 120];

    /// <summary>Runs a history after a beginning that makes most steps possible.</summary>
    internal static RulesDriver Run(Step[] steps, Action<RulesDriver>? afterEach = null)
    {
        var driver = new RulesDriver();
        driver.Accept(FocusData.Chair, FocusData.Create(isOpen: true, Rights.Draw | Rights.Turn));
        driver.Accept(FocusData.Chair, new ShareDocument("d", "d", 3));
        driver.Accept(FocusData.Chair, FocusData.Share(FocusData.PageOne));
        for (var i = 0; i < steps.Length; i++)
        {
            driver.Now = driver.Now.AddSeconds(steps[i].Seconds);
            driver.Try(FocusData.Command(steps[i].Sender, steps[i].Action, $"s{i}", (ulong)i + 1));
            afterEach?.Invoke(driver);
        }

        return driver;
    }
}
