using Sip.Stack.Transport;

namespace Tests.Shared;

/// <summary>By which system calls the stacks in test processes send and receive: as the servers that tests start, which
/// read the same variable as any option. <c>CONFERENCE_AS__Sip__SystemCalls=Portable ./test</c> runs every test with
/// the fall-back.</summary>
public static class SystemCallsUnderTest
{
    private const string Variable = "CONFERENCE_AS__Sip__SystemCalls";

    /// <summary>What the variable says; batched without it.</summary>
    public static SipSystemCalls Chosen { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
            ? Enum.Parse<SipSystemCalls>(chosen, ignoreCase: true)
            : SipSystemCalls.Batched;
}
