namespace Sip.Stack.Tests.Transactions;

/// <summary>
/// The non-INVITE client transaction seen from outside (RFC 3261 17.1.2, RFC 4320): each state with each input, then 40
/// seconds of watching. Every implementation passes the same table; a deriving class says how to make one.
/// </summary>
public abstract class NonInviteClientMatrix
{
    private const string GivesUp = "32000 timeout";

    private const string ResendsInLateTrying =
        "1500 send, 3500 send, 7500 send, 11500 send, 15500 send, 19500 send, 23500 send, 27500 send, 31500 send, "
        + GivesUp;

    private const string ResendsInTrying = "500 send, " + ResendsInLateTrying;

    // From the firing on that follows a 1xx, timer E is T2 (17.1.2.2).
    private const string ResendsInLateProceeding =
        "4500 send, 8500 send, 12500 send, 16500 send, 20500 send, 24500 send, 28500 send, " + GivesUp;

    // The running timer E is not changed by a 1xx.
    private const string ResendsInProceeding = "500 send, " + ResendsInLateProceeding;

    private const string ResendsInProceedingAfterResend =
        "1500 send, 5500 send, 9500 send, 13500 send, 17500 send, 21500 send, 25500 send, 29500 send, " + GivesUp;

    private static readonly string[] Inputs = ["silence", "provisional", "final", "failure"];

    // How each state is reached: what happened, and at which millisecond since the start the input comes.
    private static readonly Dictionary<string, (Action<INonInviteClientUnderTest> Before, int At)> States = new()
    {
        ["Trying"] = (_ => { }, 0),
        ["TryingAfterResend"] = (_ => { }, 600),
        ["TryingNearTheEnd"] = (_ => { }, 31_990),
        ["Proceeding"] = (subject => subject.Receive(100), 0),
        ["ProceedingAfterResend"] = (subject => subject.Receive(100), 600),
        ["ProceedingNearTheEnd"] = (subject => subject.Receive(100), 31_990),
        ["Completed"] = (subject => subject.Receive(200), 0),
        ["CompletedBeforeTimerK"] = (subject => subject.Receive(200), 4_990),
        ["TerminatedByTimerK"] = (subject => subject.Receive(200), 5_010),
        ["TerminatedByTimerF"] = (_ => { }, 32_010),
        ["TerminatedByFailure"] = (subject => subject.FailTransport(), 0),
    };

    /// <summary>State, input, transport, and what is seen from the input on: milliseconds since the start.</summary>
    public static TheoryData<string, string, bool, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, bool, string>();
            Add("Trying", "silence", ResendsInTrying, GivesUp);
            Add("Trying", "provisional", ResendsInProceeding, GivesUp);
            Add("Trying", "final", "0 final 202", "0 final 202");
            Add("Trying", "failure", "0 failed", "0 failed");
            Add("TryingAfterResend", "silence", ResendsInLateTrying, GivesUp);
            Add("TryingAfterResend", "provisional", ResendsInProceedingAfterResend, GivesUp);
            Add("TryingAfterResend", "final", "600 final 202", "600 final 202");
            Add("TryingAfterResend", "failure", "600 failed", "600 failed");

            // Timer F is that of the start, whatever comes in between.
            Add("TryingNearTheEnd", "silence", GivesUp, GivesUp);
            Add("TryingNearTheEnd", "provisional", GivesUp, GivesUp);
            Add("TryingNearTheEnd", "final", "31990 final 202", "31990 final 202");
            Add("TryingNearTheEnd", "failure", "31990 failed", "31990 failed");
            Add("Proceeding", "silence", ResendsInProceeding, GivesUp);
            Add("Proceeding", "provisional", ResendsInProceeding, GivesUp);
            Add("Proceeding", "final", "0 final 202", "0 final 202");
            Add("Proceeding", "failure", "0 failed", "0 failed");
            Add("ProceedingAfterResend", "silence", ResendsInLateProceeding, GivesUp);
            Add("ProceedingAfterResend", "provisional", ResendsInLateProceeding, GivesUp);
            Add("ProceedingAfterResend", "final", "600 final 202", "600 final 202");
            Add("ProceedingAfterResend", "failure", "600 failed", "600 failed");
            Add("ProceedingNearTheEnd", "silence", GivesUp, GivesUp);
            Add("ProceedingNearTheEnd", "provisional", GivesUp, GivesUp);
            Add("ProceedingNearTheEnd", "final", "31990 final 202", "31990 final 202");
            Add("ProceedingNearTheEnd", "failure", "31990 failed", "31990 failed");

            // Resends of the final are absorbed while timer K runs; afterwards they belong to nobody.
            foreach (var state in States.Keys.Where(s => s[0] == 'C' || s.StartsWith("Term", StringComparison.Ordinal)))
            {
                foreach (var input in Inputs) Add(state, input, "", "");
            }

            return rows;

            void Add(string state, string input, string unreliable, string reliable)
            {
                rows.Add(state, input, false, unreliable);
                rows.Add(state, input, true, reliable);
            }
        }
    }

    [Fact]
    public void Rows_OfEveryStateInputAndTransport_AreThere() => Assert.Equal(
        from state in States.Keys
        from input in Inputs
        from isReliable in (bool[])[false, true]
        orderby state, input, isReliable
        select (state, input, isReliable),
        Rows.Select(row => ((string)row[0], (string)row[1], (bool)row[2])).Order());

    [Theory]
    [MemberData(nameof(Rows))]
    public void Transaction_StateAndInput_IsSeenToDo(string state, string input, bool isReliable, string expected)
    {
        using var subject = Create();
        subject.Start(isReliable);
        var (before, now) = States[state];
        before(subject);
        for (var at = 0; at < now; at += 10) subject.Advance(TimeSpan.FromMilliseconds(10));
        subject.TakeEvents();

        Apply(subject, input);

        var seen = new List<string>();
        for (var end = now + 40_000; now < end; now += 10)
        {
            seen.AddRange(subject.TakeEvents().Select(e => $"{now} {e}"));
            subject.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(expected, string.Join(", ", seen));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Start_SendsOnce(bool isReliable)
    {
        using var subject = Create();

        subject.Start(isReliable);

        Assert.Equal(["send"], subject.TakeEvents());
    }

    /// <summary>17.1.2.2: 200 to 699 ends it alike.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(299)]
    [InlineData(302)]
    [InlineData(408)]
    [InlineData(503)]
    [InlineData(699)]
    public void Final_OfAnyClass_EndsItOnce(int status)
    {
        using var subject = Create();
        subject.Start(isReliable: false);

        subject.Receive(status);
        subject.Receive(status);

        Assert.Equal(["send", $"final {status}"], subject.TakeEvents());
    }

    /// <summary>17.1.2.2: 100 to 199 alike.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(183)]
    [InlineData(199)]
    public void Provisional_OfAnyStatus_MakesItProceed(int status)
    {
        using var subject = Create();
        subject.Start(isReliable: false);
        subject.Receive(status);
        subject.TakeEvents();
        subject.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(["send"], subject.TakeEvents());

        subject.Advance(TimeSpan.FromMilliseconds(3_990)); // Trying would send after 1 s.
        Assert.Empty(subject.TakeEvents());
        subject.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(["send"], subject.TakeEvents());
    }

    /// <summary>A transaction that has not started, with T1 = 500 ms, T2 = 4 s, T4 = 5 s.</summary>
    protected abstract INonInviteClientUnderTest Create();

    private static void Apply(INonInviteClientUnderTest subject, string input)
    {
        switch (input)
        {
            case "provisional":
                subject.Receive(100);
                break;
            case "final":
                subject.Receive(202);
                break;
            case "failure":
                subject.FailTransport();
                break;
        }
    }
}
