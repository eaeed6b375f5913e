using Sip.Stack.Transactions;

namespace Sip.Stack.Tests.Transactions;

public class NonInviteClientTransactionTests
{
    private const string Table = """
        Trying     | Provisional    | * | Proceeding | PassResponse
        Trying     | Final          | U | Completed  | PassResponse K=5000
        Trying     | Final          | R | Terminated | PassResponse Destroy
        Trying     | TimerE         | U | Trying     | SendRequest E=2000
        Trying     | TimerE         | R | Trying     |
        Trying     | TimerF         | * | Terminated | ReportTimeout Destroy
        Trying     | TimerK         | * | Trying     |
        Trying     | TransportError | * | Terminated | ReportTransportFailure Destroy
        Proceeding | Provisional    | * | Proceeding | PassResponse
        Proceeding | Final          | U | Completed  | PassResponse K=5000
        Proceeding | Final          | R | Terminated | PassResponse Destroy
        Proceeding | TimerE         | U | Proceeding | SendRequest E=4000
        Proceeding | TimerE         | R | Proceeding |
        Proceeding | TimerF         | * | Terminated | ReportTimeout Destroy
        Proceeding | TimerK         | * | Proceeding |
        Proceeding | TransportError | * | Terminated | ReportTransportFailure Destroy
        Completed  | Provisional    | * | Completed  |
        Completed  | Final          | * | Completed  |
        Completed  | TimerE         | * | Completed  |
        Completed  | TimerF         | * | Completed  |
        Completed  | TimerK         | * | Terminated | Destroy
        Completed  | TransportError | * | Completed  |
        Terminated | Provisional    | * | Terminated |
        Terminated | Final          | * | Terminated |
        Terminated | TimerE         | * | Terminated |
        Terminated | TimerF         | * | Terminated |
        Terminated | TimerK         | * | Terminated |
        Terminated | TransportError | * | Terminated |
        """;

    public static TheoryData<string, string, bool, string, string> Rows => TransitionTable.Data(Table);

    [Fact]
    public void Table_AllStatesAndInputs_AreListed() =>
        TransitionTable.AssertComplete<NonInviteClientPhase, NonInviteClientInput>(Table);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Next_StateAndInput_GivesStateAndEffects(
        string phase, string input, bool isReliable, string after, string effects)
    {
        var state = new NonInviteClientState(
            Enum.Parse<NonInviteClientPhase>(phase), isReliable, TimeSpan.FromSeconds(1));

        var step = NonInviteClientTransaction.Next(state, Enum.Parse<NonInviteClientInput>(input), SipTimes.Default);

        Assert.Equal(after, step.State.Phase.ToString());
        Assert.Equal(effects, TransitionTable.Text(step.Effects));
    }

    [Fact]
    public void TimerE_InTrying_DoublesUpToT2()
    {
        var step = NonInviteClientTransaction.Start(isReliable: false, SipTimes.Default);
        Assert.Equal("SendRequest F=32000 E=500", TransitionTable.Text(step.Effects));

        var intervals = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            step = NonInviteClientTransaction.Next(step.State, NonInviteClientInput.TimerE, SipTimes.Default);
            intervals.Add(step.State.ResendAfter.TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 4, 4], intervals);
    }

    [Fact]
    public void Start_ReliableTransport_HasNoTimerE() => Assert.Equal(
        "SendRequest F=32000",
        TransitionTable.Text(NonInviteClientTransaction.Start(isReliable: true, SipTimes.Default).Effects));
}
