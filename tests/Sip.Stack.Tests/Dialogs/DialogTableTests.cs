using Sip.Stack.Dialogs;

namespace Sip.Stack.Tests.Dialogs;

public sealed class DialogTableTests
{
    private static Dialog NewDialog(string callId = "call-1", uint? remoteSequence = 6) => new()
    {
        Id = new DialogId(callId, "b1", "a1"),
        Stage = DialogStage.Early,
        LocalUri = "sip:conf-1@example.com",
        RemoteUri = "sip:alice@example.com",
        RemoteTarget = "sip:alice@192.0.2.7",
        RouteSet = [],
        RemoteSequence = remoteSequence,
    };

    [Fact]
    public void TryFind_OfRequestInDialog_FindsItByCallIdAndBothTags()
    {
        var table = new DialogTable();
        table.Add(NewDialog());

        Assert.True(table.TryFind(SipText.Request("BYE", toTag: ";tag=b1"), out _));
        Assert.False(table.TryFind(SipText.Request("BYE", toTag: ";tag=B1"), out _));
        Assert.False(table.TryFind(SipText.Request("BYE"), out _));
    }

    [Fact]
    public void Add_OfTheSameDialogAgain_ReplacesIt()
    {
        var table = new DialogTable(1);
        table.Add(NewDialog());

        Assert.Equal(DialogOutcome.Accepted, table.Add(NewDialog() with { Stage = DialogStage.Confirmed }));
        Assert.Equal(1, table.Count);
        Assert.True(table.TryFind(NewDialog().Id, out var dialog));
        Assert.Equal(DialogStage.Confirmed, dialog.Stage);
    }

    [Fact]
    public void Add_BeyondTheLimit_IsRefusedUntilOneEnds()
    {
        var table = new DialogTable(1);
        table.Add(NewDialog());

        Assert.Equal(DialogOutcome.TooManyDialogs, table.Add(NewDialog("call-2")));
        Assert.True(table.Remove(NewDialog().Id));
        Assert.False(table.Remove(NewDialog().Id));
        Assert.Equal(DialogOutcome.Accepted, table.Add(NewDialog("call-2")));
    }

    [Fact]
    public void Receive_OfTheSameRequestTwice_IsOutOfOrder()
    {
        var table = new DialogTable();
        table.Add(NewDialog());
        var message = SipText.Request("MESSAGE", toTag: ";tag=b1");

        Assert.Equal(DialogOutcome.Accepted, table.Receive(message, out var dialog));
        Assert.Equal(7u, dialog!.RemoteSequence);
        Assert.Equal(DialogOutcome.OutOfOrder, table.Receive(message, out _));
        Assert.Null(table.Receive(SipText.Request("MESSAGE", toTag: ";tag=zz"), out _));
    }

    [Fact]
    public async Task NewRequest_FromManyThreads_SpendsEachNumberOnce()
    {
        var table = new DialogTable();
        table.Add(NewDialog());

        var numbers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(
            () => table.NewRequest(NewDialog().Id, "MESSAGE")!.CSeqNumber)));

        Assert.Equal(Enumerable.Range(1, 200).Select(number => (uint)number), numbers.Order());
    }

    [Fact]
    public void NewRequest_OfEndedDialog_IsNull() => Assert.Null(new DialogTable().NewRequest(NewDialog().Id, "BYE"));

    [Fact]
    public void Describe_OfEveryOutcome_HasAnAnswerAndItsOwnLabel()
    {
        var all = Enum.GetValues<DialogOutcome>().Select(DialogOutcomes.Describe).ToList();

        Assert.Equal(all.Count, all.Select(one => one.Label).Distinct().Count());
    }
}
