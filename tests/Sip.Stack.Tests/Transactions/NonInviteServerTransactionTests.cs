using Sip.Stack.Transactions;

namespace Sip.Stack.Tests.Transactions;

public class NonInviteServerTransactionTests
{
    private const string Table = """
        Trying     | Resend             | * | Trying     |
        Trying     | RespondTrying      | U | Trying     |
        Trying     | RespondTrying      | R | Proceeding | SendResponse
        Trying     | RespondProvisional | * | Trying     |
        Trying     | RespondFinal       | U | Completed  | SendResponse J=32000
        Trying     | RespondFinal       | R | Terminated | SendResponse Destroy
        Trying     | RespondTimeout     | * | Trying     |
        Trying     | TimerTrying        | * | Proceeding | SendTrying
        Trying     | TimerExpiry        | * | Terminated | ReportTimeout Destroy
        Trying     | TimerJ             | * | Trying     |
        Trying     | TransportError     | * | Trying     |
        Proceeding | Resend             | * | Proceeding | SendResponse
        Proceeding | RespondTrying      | * | Proceeding | SendResponse
        Proceeding | RespondProvisional | * | Proceeding |
        Proceeding | RespondFinal       | U | Completed  | SendResponse J=32000
        Proceeding | RespondFinal       | R | Terminated | SendResponse Destroy
        Proceeding | RespondTimeout     | * | Proceeding |
        Proceeding | TimerTrying        | * | Proceeding |
        Proceeding | TimerExpiry        | * | Terminated | ReportTimeout Destroy
        Proceeding | TimerJ             | * | Proceeding |
        Proceeding | TransportError     | * | Terminated | ReportTransportFailure Destroy
        Completed  | Resend             | * | Completed  | SendResponse
        Completed  | RespondTrying      | * | Completed  |
        Completed  | RespondProvisional | * | Completed  |
        Completed  | RespondFinal       | * | Completed  |
        Completed  | RespondTimeout     | * | Completed  |
        Completed  | TimerTrying        | * | Completed  |
        Completed  | TimerExpiry        | * | Completed  |
        Completed  | TimerJ             | * | Terminated | Destroy
        Completed  | TransportError     | * | Terminated | ReportTransportFailure Destroy
        Terminated | Resend             | * | Terminated |
        Terminated | RespondTrying      | * | Terminated |
        Terminated | RespondProvisional | * | Terminated |
        Terminated | RespondFinal       | * | Terminated |
        Terminated | RespondTimeout     | * | Terminated |
        Terminated | TimerTrying        | * | Terminated |
        Terminated | TimerExpiry        | * | Terminated |
        Terminated | TimerJ             | * | Terminated |
        Terminated | TransportError     | * | Terminated |
        """;

    public static TheoryData<string, string, bool, string, string> Rows => TransitionTable.Data(Table);

    [Fact]
    public void Table_AllStatesAndInputs_AreListed() =>
        TransitionTable.AssertComplete<NonInviteServerPhase, NonInviteServerInput>(Table);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Next_StateAndInput_GivesStateAndEffects(
        string phase, string input, bool isReliable, string after, string effects)
    {
        var state = new NonInviteServerState(Enum.Parse<NonInviteServerPhase>(phase), isReliable);

        var step = NonInviteServerTransaction.Next(state, Enum.Parse<NonInviteServerInput>(input), SipTimes.Default);

        Assert.Equal(after, step.State.Phase.ToString());
        Assert.Equal(effects, TransitionTable.Text(step.Effects));
    }

    [Fact]
    public void Start_DefaultTimes_TryingIsDueWhenTimerEReachesT2() => Assert.Equal(
        "Trying=3500 Expiry=32000",
        TransitionTable.Text(NonInviteServerTransaction.Start(isReliable: false, SipTimes.Default).Effects));
}
