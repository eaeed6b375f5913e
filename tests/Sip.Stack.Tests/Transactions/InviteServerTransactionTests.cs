using Sip.Stack.Transactions;

namespace Sip.Stack.Tests.Transactions;

public class InviteServerTransactionTests
{
    // Proceeding is listed as it is before a provisional response; the states after one are tested below.
    private const string Table = """
        Proceeding | Resend             | * | Proceeding |
        Proceeding | Ack                | * | Proceeding |
        Proceeding | RespondProvisional | * | Proceeding | SendResponse
        Proceeding | RespondSuccess     | * | Accepted   | SendResponse L=32000
        Proceeding | RespondFailure     | U | Completed  | SendResponse H=32000 G=500
        Proceeding | RespondFailure     | R | Completed  | SendResponse H=32000
        Proceeding | TimerTrying        | * | Proceeding | SendTrying
        Proceeding | TimerG             | * | Proceeding |
        Proceeding | TimerH             | * | Proceeding |
        Proceeding | TimerI             | * | Proceeding |
        Proceeding | TimerL             | * | Proceeding |
        Proceeding | TransportError     | * | Proceeding | ReportTransportFailure
        Completed  | Resend             | * | Completed  | SendResponse
        Completed  | Ack                | U | Confirmed  | I=5000
        Completed  | Ack                | R | Terminated | Destroy
        Completed  | RespondProvisional | * | Completed  |
        Completed  | RespondSuccess     | * | Completed  |
        Completed  | RespondFailure     | * | Completed  |
        Completed  | TimerTrying        | * | Completed  |
        Completed  | TimerG             | U | Completed  | SendResponse G=2000
        Completed  | TimerG             | R | Completed  |
        Completed  | TimerH             | * | Terminated | ReportTimeout Destroy
        Completed  | TimerI             | * | Completed  |
        Completed  | TimerL             | * | Completed  |
        Completed  | TransportError     | * | Completed  | ReportTransportFailure
        Confirmed  | Resend             | * | Confirmed  |
        Confirmed  | Ack                | * | Confirmed  |
        Confirmed  | RespondProvisional | * | Confirmed  |
        Confirmed  | RespondSuccess     | * | Confirmed  |
        Confirmed  | RespondFailure     | * | Confirmed  |
        Confirmed  | TimerTrying        | * | Confirmed  |
        Confirmed  | TimerG             | * | Confirmed  |
        Confirmed  | TimerH             | * | Confirmed  |
        Confirmed  | TimerI             | * | Terminated | Destroy
        Confirmed  | TimerL             | * | Confirmed  |
        Confirmed  | TransportError     | * | Confirmed  |
        Accepted   | Resend             | * | Accepted   |
        Accepted   | Ack                | * | Accepted   | PassAck
        Accepted   | RespondProvisional | * | Accepted   |
        Accepted   | RespondSuccess     | * | Accepted   | SendResponse
        Accepted   | RespondFailure     | * | Accepted   |
        Accepted   | TimerTrying        | * | Accepted   |
        Accepted   | TimerG             | * | Accepted   |
        Accepted   | TimerH             | * | Accepted   |
        Accepted   | TimerI             | * | Accepted   |
        Accepted   | TimerL             | * | Terminated | Destroy
        Accepted   | TransportError     | * | Accepted   | ReportTransportFailure
        Terminated | Resend             | * | Terminated |
        Terminated | Ack                | * | Terminated |
        Terminated | RespondProvisional | * | Terminated |
        Terminated | RespondSuccess     | * | Terminated |
        Terminated | RespondFailure     | * | Terminated |
        Terminated | TimerTrying        | * | Terminated |
        Terminated | TimerG             | * | Terminated |
        Terminated | TimerH             | * | Terminated |
        Terminated | TimerI             | * | Terminated |
        Terminated | TimerL             | * | Terminated |
        Terminated | TransportError     | * | Terminated |
        """;

    public static TheoryData<string, string, bool, string, string> Rows => TransitionTable.Data(Table);

    [Fact]
    public void Table_AllStatesAndInputs_AreListed() =>
        TransitionTable.AssertComplete<InviteServerPhase, InviteServerInput>(Table);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Next_StateAndInput_GivesStateAndEffects(
        string phase, string input, bool isReliable, string after, string effects)
    {
        var state = new InviteServerState(
            Enum.Parse<InviteServerPhase>(phase), isReliable, HasResponded: false, TimeSpan.FromSeconds(1));

        var step = InviteServerTransaction.Next(state, Enum.Parse<InviteServerInput>(input), SipTimes.Default);

        Assert.Equal(after, step.State.Phase.ToString());
        Assert.Equal(effects, TransitionTable.Text(step.Effects));
    }

    [Theory]
    [InlineData(InviteServerInput.Resend, "SendResponse")]
    [InlineData(InviteServerInput.TimerTrying, "")]
    public void Proceeding_AfterProvisional_RepeatsItAndNeedsNoTrying(InviteServerInput input, string effects)
    {
        var state = InviteServerTransaction.Start(isReliable: false, SipTimes.Default).State;
        state = InviteServerTransaction.Next(state, InviteServerInput.RespondProvisional, SipTimes.Default).State;

        var step = InviteServerTransaction.Next(state, input, SipTimes.Default);

        Assert.Equal(InviteServerPhase.Proceeding, step.State.Phase);
        Assert.Equal(effects, TransitionTable.Text(step.Effects));
    }

    [Fact]
    public void TimerG_InCompleted_DoublesUpToT2()
    {
        var state = InviteServerTransaction.Start(isReliable: false, SipTimes.Default).State;
        state = InviteServerTransaction.Next(state, InviteServerInput.RespondFailure, SipTimes.Default).State;
        var intervals = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            state = InviteServerTransaction.Next(state, InviteServerInput.TimerG, SipTimes.Default).State;
            intervals.Add(state.ResendAfter.TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 4, 4], intervals);
    }

    [Fact]
    public void Start_TryingIsDueAfter200Milliseconds() => Assert.Equal(
        "Trying=200",
        TransitionTable.Text(InviteServerTransaction.Start(isReliable: true, SipTimes.Default).Effects));
}
