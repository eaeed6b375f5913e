using System.Collections.Immutable;
using Sip.Stack.Registration;
using static Sip.Stack.Tests.Registration.RegisterCommands;

namespace Sip.Stack.Tests.Registration;

public sealed class RegistrarRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly RegistrarOptions Options = new() { ContactsPerAddressMax = 3 };

    private static RegistrarStep Next(
        ImmutableArray<Binding> bindings, RegisterCommand command, DateTimeOffset? now = null) =>
        RegistrarRules.Next(bindings, command, now ?? Now, Options);

    private static ImmutableArray<Binding> Bound(params RegisterContact[] contacts) =>
        Next([], Register("first", 1, contacts)).Bindings;

    [Fact]
    public void Register_OfNewContact_BindsItForTheDefaultTime()
    {
        var step = Next([], Register("a", 7, Contact("sip:alice@192.0.2.7:5070")));

        Assert.Equal(RegisterOutcome.Updated, step.Outcome);
        var binding = Assert.Single(step.Bindings);
        Assert.Equal("sip:alice@192.0.2.7:5070", binding.ContactText);
        Assert.Equal(Now.AddHours(1), binding.ExpiresAt);
        Assert.Equal(Now, binding.RegisteredAt);
        Assert.Equal(("a", 7u, 1000), (binding.CallId, binding.CSeq, binding.Preference));
        Assert.Equal(Flow, binding.Flow);
    }

    [Theory] // contact parameter, header field, granted seconds
    [InlineData(120u, null, 120)]
    [InlineData(120u, 999u, 120)]
    [InlineData(null, 300u, 300)]
    [InlineData(uint.MaxValue, null, 7200)]
    public void Register_OfExpiry_TakesContactThenHeaderUpToTheMaximum(uint? contact, uint? header, int granted)
    {
        var command = Register("a", 1, Contact("sip:a@x", contact)) with { HeaderExpires = header };

        Assert.Equal(Now.AddSeconds(granted), Next([], command).Bindings[0].ExpiresAt);
    }

    [Theory]
    [InlineData(1u, RegisterOutcome.IntervalTooBrief)]
    [InlineData(59u, RegisterOutcome.IntervalTooBrief)]
    [InlineData(60u, RegisterOutcome.Updated)]
    [InlineData(0u, RegisterOutcome.Updated)]
    public void Register_OfBriefExpiry_IsRefusedBelowTheMinimum(uint seconds, RegisterOutcome expected) =>
        Assert.Equal(expected, Next([], Register("a", 1, Contact("sip:a@x", seconds))).Outcome);

    [Fact] // What counts is what is there afterwards, in whichever order a client that moves names them.
    public void Register_ThatReplacesAContactOfAFullAddress_IsTaken()
    {
        var bindings = Bound(Contact("sip:a@x"), Contact("sip:b@x"), Contact("sip:c@x"));

        var step = Next(bindings, Register("second", 1, Contact("sip:d@x"), Contact("sip:a@x", 0)));

        Assert.Equal(RegisterOutcome.Updated, step.Outcome);
        Assert.Equal(["sip:b@x", "sip:c@x", "sip:d@x"], step.Bindings.Select(one => one.ContactText));
        var fourth = Next(bindings, Register("third", 1, Contact("sip:e@x")));
        Assert.Equal((RegisterOutcome.TooManyContacts, 3), (fourth.Outcome, fourth.Bindings.Length));
    }

    [Fact] // RFC 3261 19.1.4: case of host and scheme, order of parameters
    public void Register_OfEquivalentContact_RefreshesIt()
    {
        var bindings = Bound(Contact("sip:alice@example.com;transport=tcp;ob"));

        var step = Next(bindings, Register("first", 2, Contact("SIP:alice@EXAMPLE.com;ob;transport=TCP", 600)));

        Assert.Equal(Now.AddSeconds(600), Assert.Single(step.Bindings).ExpiresAt);
    }

    [Fact] // RFC 3261 19.1.4: a user differs by case, and a port written differs from none
    public void Register_OfDifferentContacts_BindsEach() =>
        Assert.Equal(3, Bound(Contact("sip:a@x"), Contact("sip:A@x"), Contact("sip:a@x:5060")).Length);

    [Theory]
    [InlineData("first", 1u, RegisterOutcome.OutOfOrder)]
    [InlineData("first", 0u, RegisterOutcome.OutOfOrder)]
    [InlineData("first", 2u, RegisterOutcome.Updated)]
    [InlineData("other", 1u, RegisterOutcome.Updated)]
    public void Register_OfKnownContact_NeedsAHigherCSeqInTheSameCall(
        string callId, uint cseq, RegisterOutcome expected)
    {
        var bindings = Bound(Contact("sip:a@x"));

        Assert.Equal(expected, Next(bindings, Register(callId, cseq, Contact("sip:a@x"))).Outcome);
        Assert.Equal(expected, Next(bindings, Register(callId, cseq, Contact("sip:a@x", 0))).Outcome);
    }

    [Fact] // RFC 3261 10.3 step 7: all of the request or nothing
    public void Register_OfWhichOneContactFails_ChangesNothing()
    {
        var bindings = Bound(Contact("sip:a@x"));

        var step = Next(bindings, Register("first", 1, Contact("sip:new@x"), Contact("sip:a@x")));

        Assert.Equal(RegisterOutcome.OutOfOrder, step.Outcome);
        Assert.Equal(bindings, step.Bindings);
    }

    [Fact]
    public void Register_OfOneContactTwice_KeepsTheLast()
    {
        var step = Next([], Register("a", 1, Contact("sip:a@x", 100), Contact("sip:a@x", 200)));

        Assert.Equal(Now.AddSeconds(200), Assert.Single(step.Bindings).ExpiresAt);
    }

    [Fact]
    public void Register_OfMoreContactsThanTheLimit_IsRefused()
    {
        var bindings = Bound(Contact("sip:a@x"), Contact("sip:b@x"), Contact("sip:c@x"));

        var refused = Next(bindings, Register("other", 1, Contact("sip:d@x")));
        var replaced = Next(bindings, Register("other", 1, Contact("sip:a@x", 0), Contact("sip:d@x")));

        Assert.Equal((RegisterOutcome.TooManyContacts, 3), (refused.Outcome, refused.Bindings.Length));
        Assert.Equal((RegisterOutcome.Updated, 3), (replaced.Outcome, replaced.Bindings.Length));
    }

    [Fact]
    public void Register_OfExpiresZero_RemovesThatContact()
    {
        var bindings = Bound(Contact("sip:a@x"), Contact("sip:b@x"));

        var step = Next(bindings, Register("first", 2, Contact("sip:a@x")) with { HeaderExpires = 0 });

        Assert.Equal("sip:b@x", Assert.Single(step.Bindings).ContactText);
    }

    [Fact]
    public void Register_OfWildcardWithExpiresZero_RemovesAll()
    {
        var wildcard = Register("first", 2) with { IsWildcard = true, HeaderExpires = 0 };

        var step = Next(Bound(Contact("sip:a@x"), Contact("sip:b@x")), wildcard);

        Assert.Equal((RegisterOutcome.Updated, 0), (step.Outcome, step.Bindings.Length));
        Assert.Equal(RegisterOutcome.OutOfOrder, Next(Bound(Contact("sip:a@x")), wildcard with { CSeq = 1 }).Outcome);
    }

    [Fact]
    public void Register_OfWildcardOtherwise_IsRefused()
    {
        var bindings = Bound(Contact("sip:a@x"));
        var wildcard = Register("b", 1) with { IsWildcard = true };

        Assert.Equal(RegisterOutcome.WildcardMisused, Next(bindings, wildcard).Outcome);
        Assert.Equal(RegisterOutcome.WildcardMisused, Next(bindings, wildcard with { HeaderExpires = 60 }).Outcome);
        Assert.Equal(
            RegisterOutcome.WildcardMisused,
            Next(bindings, wildcard with { HeaderExpires = 0, Contacts = [Contact("sip:a@x")] }).Outcome);
    }

    [Fact]
    public void Register_WithoutContact_FetchesTheUnexpired()
    {
        var bindings = Bound(Contact("sip:a@x", 60), Contact("sip:b@x", 600));

        var step = Next(bindings, Register("b", 1), Now.AddSeconds(60));

        Assert.Equal(RegisterOutcome.Fetched, step.Outcome);
        Assert.Equal("sip:b@x", Assert.Single(step.Bindings).ContactText);
    }

    [Fact] // An expired binding is no binding: neither its CSeq nor its place counts.
    public void Register_OfExpiredContact_IsNew()
    {
        var bindings = Bound(Contact("sip:a@x", 60));

        var step = Next(bindings, Register("first", 1, Contact("sip:a@x")), Now.AddMinutes(2));

        Assert.Equal(RegisterOutcome.Updated, step.Outcome);
    }

    [Fact]
    public void Register_WithPath_KeepsItUpToTheLimit()
    {
        var command = Register("a", 1, Contact("sip:a@x")) with { Path = ["<sip:p1;lr>", "<sip:p2;lr>"] };
        var tooLong = command with { Path = [.. Enumerable.Repeat("<sip:p;lr>", 17)] };

        Assert.Equal(command.Path, Next([], command).Bindings[0].Path);
        Assert.Equal(RegisterOutcome.PathTooLong, Next([], tooLong).Outcome);
    }

    [Fact]
    public void InOrderOfPreference_IsBestQThenNewest()
    {
        var old = Bound(Contact("sip:low@x", preference: 100), Contact("sip:old@x", preference: 500));
        var all = Next(old, Register("b", 1, Contact("sip:new@x", preference: 500)), Now.AddSeconds(1)).Bindings;

        var order = RegistrarRules.InOrderOfPreference(all).Select(one => one.ContactText);

        Assert.Equal(["sip:new@x", "sip:old@x", "sip:low@x"], order);
    }
}
