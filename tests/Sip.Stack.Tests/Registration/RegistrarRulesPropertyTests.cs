using System.Collections.Immutable;
using CsCheck;
using Sip.Stack.Registration;
using static Sip.Stack.Tests.Registration.RegisterCommands;

namespace Sip.Stack.Tests.Registration;

/// <summary>What holds after any sequence of REGISTER requests.</summary>
public sealed class RegistrarRulesPropertyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly RegistrarOptions Options = new() { ContactsPerAddressMax = 3 };

    private static readonly Gen<RegisterContact> Contacts = Gen.Select(
        OneOf("sip:a@x", "SIP:a@X", "sip:a@x;ob", "sip:b@x", "sip:b@x:5060", "sip:c@x", "sip:d@x"),
        OneOf<uint?>(null, 0, 30, 60, 600, uint.MaxValue),
        (uri, expires) => Contact(uri, expires));

    private static readonly Gen<RegisterCommand> Commands = Gen.Select(
        OneOf("call-1", "call-2"), Gen.UInt[0, 20], Contacts.Array[0, 4],
        OneOf<uint?>(null, 0, 60, 7200), Gen.Int[0, 9],
        (callId, cseq, contacts, expires, wildcard) => Register(callId, cseq, contacts) with
        {
            HeaderExpires = expires,
            IsWildcard = wildcard == 0,
        });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    [Fact]
    public void Next_AfterAnySequence_KeepsItsPromises() =>
        Gen.Select(Commands, Gen.Int[0, 100]).Array[1, 30].Sample(steps =>
        {
            var now = Start;
            ImmutableArray<Binding> bindings = [];
            foreach (var (command, seconds) in steps)
            {
                now = now.AddSeconds(seconds);
                var before = RegistrarRules.Unexpired(bindings, now);
                var step = RegistrarRules.Next(bindings, command, now, Options);
                bindings = step.Bindings;
                if (step.Outcome != RegisterOutcome.Updated) Assert.Equal(before.ToArray(), bindings.ToArray());
                AssertInOrder(bindings, now);
            }
        });

    private static void AssertInOrder(ImmutableArray<Binding> bindings, DateTimeOffset now)
    {
        Assert.InRange(bindings.Length, 0, Options.ContactsPerAddressMax);
        Assert.All(bindings, one => Assert.InRange(one.ExpiresAt - now, TimeSpan.FromTicks(1), Options.ExpiresMax));
        for (var i = 0; i < bindings.Length; i++)
        {
            for (var j = i + 1; j < bindings.Length; j++)
            {
                Assert.False(bindings[i].Contact.IsEquivalentTo(bindings[j].Contact));
            }
        }
    }
}
