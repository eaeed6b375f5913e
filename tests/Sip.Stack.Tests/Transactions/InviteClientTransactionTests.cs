using Sip.Stack.Transactions;

namespace Sip.Stack.Tests.Transactions;

public class InviteClientTransactionTests
{
    private const string Table = """
        Calling    | Provisional    | * | Proceeding | PassResponse
        Calling    | Success        | * | Accepted   | PassResponse M=32000
        Calling    | Failure        | U | Completed  | SendAck PassResponse D=32000
        Calling    | Failure        | R | Terminated | SendAck PassResponse Destroy
        Calling    | TimerA         | U | Calling    | SendRequest A=2000
        Calling    | TimerA         | R | Calling    |
        Calling    | TimerB         | * | Terminated | ReportTimeout Destroy
        Calling    | TimerD         | * | Calling    |
        Calling    | TimerM         | * | Calling    |
        Calling    | TransportError | * | Terminated | ReportTransportFailure Destroy
        Proceeding | Provisional    | * | Proceeding | PassResponse
        Proceeding | Success        | * | Accepted   | PassResponse M=32000
        Proceeding | Failure        | U | Completed  | SendAck PassResponse D=32000
        Proceeding | Failure        | R | Terminated | SendAck PassResponse Destroy
        Proceeding | TimerA         | * | Proceeding |
        Proceeding | TimerB         | * | Proceeding |
        Proceeding | TimerD         | * | Proceeding |
        Proceeding | TimerM         | * | Proceeding |
        Proceeding | TransportError | * | Proceeding |
        Completed  | Provisional    | * | Completed  |
        Completed  | Success        | * | Completed  |
        Completed  | Failure        | * | Completed  | SendAck
        Completed  | TimerA         | * | Completed  |
        Completed  | TimerB         | * | Completed  |
        Completed  | TimerD         | * | Terminated | Destroy
        Completed  | TimerM         | * | Completed  |
        Completed  | TransportError | * | Terminated | ReportTransportFailure Destroy
        Accepted   | Provisional    | * | Accepted   |
        Accepted   | Success        | * | Accepted   | PassResponse
        Accepted   | Failure        | * | Accepted   |
        Accepted   | TimerA         | * | Accepted   |
        Accepted   | TimerB         | * | Accepted   |
        Accepted   | TimerD         | * | Accepted   |
        Accepted   | TimerM         | * | Terminated | Destroy
        Accepted   | TransportError | * | Accepted   |
        Terminated | Provisional    | * | Terminated |
        Terminated | Success        | * | Terminated |
        Terminated | Failure        | * | Terminated |
        Terminated | TimerA         | * | Terminated |
        Terminated | TimerB         | * | Terminated |
        Terminated | TimerD         | * | Terminated |
        Terminated | TimerM         | * | Terminated |
        Terminated | TransportError | * | Terminated |
        """;

    public static TheoryData<string, string, bool, string, string> Rows => TransitionTable.Data(Table);

    [Fact]
    public void Table_AllStatesAndInputs_AreListed() =>
        TransitionTable.AssertComplete<InviteClientPhase, InviteClientInput>(Table);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Next_StateAndInput_GivesStateAndEffects(
        string phase, string input, bool isReliable, string after, string effects)
    {
        var state = new InviteClientState(Enum.Parse<InviteClientPhase>(phase), isReliable, TimeSpan.FromSeconds(1));

        var step = InviteClientTransaction.Next(state, Enum.Parse<InviteClientInput>(input), SipTimes.Default);

        Assert.Equal(after, step.State.Phase.ToString());
        Assert.Equal(effects, TransitionTable.Text(step.Effects));
    }

    [Fact]
    public void TimerA_InCalling_DoublesWithoutCap()
    {
        var step = InviteClientTransaction.Start(isReliable: false, SipTimes.Default);
        Assert.Equal("SendRequest B=32000 A=500", TransitionTable.Text(step.Effects));

        for (var i = 0; i < 5; i++)
            step = InviteClientTransaction.Next(step.State, InviteClientInput.TimerA, SipTimes.Default);

        Assert.Equal(TimeSpan.FromSeconds(16), step.State.ResendAfter);
    }

    [Fact]
    public void TimerD_WithShortT1_IsAtLeast32Seconds()
    {
        var times = new SipTimes(
            TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(100));
        var state = InviteClientTransaction.Start(isReliable: false, times).State;

        var step = InviteClientTransaction.Next(state, InviteClientInput.Failure, times);

        Assert.Equal("SendAck PassResponse D=32000", TransitionTable.Text(step.Effects));
    }
}
