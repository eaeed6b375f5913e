namespace Sip.Stack.Tests.Transactions;

/// <summary>
/// The non-INVITE client transaction seen from outside (RFC 3261 17.1.2, RFC 4320): each state with each input, then 40
/// seconds of watching. Every implementation passes the same table; a deriving class says how to make one.
/// </summary>
public abstract class NonInviteClientMatrix
{
    private const string GivesUp = "32000 timeout";

    private const string ResendsInTrying =
        "500 send, 1500 send, 3500 send, 7500 send, 11500 send, 15500 send, 19500 send, 23500 send, 27500 send, "
        + "31500 send, 32000 timeout";

    // The running timer E is not changed by a 1xx; from its next firing on it is T2 (17.1.2.2).
    private const string ResendsInProceeding =
        "500 send, 4500 send, 8500 send, 12500 send, 16500 send, 20500 send, 24500 send, 28500 send, 32000 timeout";

    private const string ResendsInLateProceeding =
        "1500 send, 5500 send, 9500 send, 13500 send, 17500 send, 21500 send, 25500 send, 29500 send, 32000 timeout";

    /// <summary>State, input, transport, and what is seen from the input on: milliseconds since the start.</summary>
    public static TheoryData<string, string, bool, string> Rows => new()
    {
        { "Trying", "silence", false, ResendsInTrying },
        { "Trying", "silence", true, GivesUp },
        { "Trying", "provisional", false, ResendsInProceeding },
        { "Trying", "provisional", true, GivesUp },
        { "Trying", "final", false, "0 final 202" },
        { "Trying", "final", true, "0 final 202" },
        { "Trying", "failure", false, "0 failed" },
        { "Trying", "failure", true, "0 failed" },
        { "TryingAfterResend", "provisional", false, ResendsInLateProceeding },
        { "TryingAfterResend", "provisional", true, GivesUp },
        { "TryingAfterResend", "final", false, "600 final 202" },
        { "Proceeding", "silence", false, ResendsInProceeding },
        { "Proceeding", "silence", true, GivesUp },
        { "Proceeding", "provisional", false, ResendsInProceeding },
        { "Proceeding", "provisional", true, GivesUp },
        { "Proceeding", "final", false, "0 final 202" },
        { "Proceeding", "final", true, "0 final 202" },
        { "Proceeding", "failure", false, "0 failed" },
        { "Proceeding", "failure", true, "0 failed" },
        { "Completed", "silence", false, "" },
        { "Completed", "silence", true, "" },
        { "Completed", "provisional", false, "" },
        { "Completed", "provisional", true, "" },
        { "Completed", "final", false, "" },
        { "Completed", "final", true, "" },
        { "Completed", "failure", false, "" },
        { "Completed", "failure", true, "" },
        { "TimedOut", "silence", false, "" },
        { "TimedOut", "provisional", false, "" },
        { "TimedOut", "final", false, "" },
        { "TimedOut", "final", true, "" },
        { "TimedOut", "failure", false, "" },
        { "Failed", "silence", false, "" },
        { "Failed", "silence", true, "" },
        { "Failed", "provisional", false, "" },
        { "Failed", "final", false, "" },
        { "Failed", "final", true, "" },
        { "Failed", "failure", false, "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Transaction_StateAndInput_IsSeenToDo(string state, string input, bool isReliable, string expected)
    {
        using var subject = Create();
        subject.Start(isReliable);
        var now = Bring(subject, state);
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

    /// <summary>A transaction that has not started, with T1 = 500 ms, T2 = 4 s, T4 = 5 s.</summary>
    protected abstract INonInviteClientUnderTest Create();

    private static int Bring(INonInviteClientUnderTest subject, string state)
    {
        switch (state)
        {
            case "TryingAfterResend":
                return Pass(subject, 600);
            case "Proceeding":
                subject.Receive(100);
                return 0;
            case "Completed":
                subject.Receive(200);
                return 0;
            case "TimedOut":
                return Pass(subject, 32_010);
            case "Failed":
                subject.FailTransport();
                return 0;
            default:
                return 0;
        }
    }

    private static int Pass(INonInviteClientUnderTest subject, int milliseconds)
    {
        for (var at = 0; at < milliseconds; at += 10) subject.Advance(TimeSpan.FromMilliseconds(10));
        return milliseconds;
    }

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
