using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Actors.Tests.Focus;

public sealed class RosterTests
{
    [Fact]
    public void Changes_OneByOneAndTogether_GiveWhatADictionaryGives()
    {
        var numbers = new Numbers();
        var roster = Roster.Empty;
        var model = new SortedDictionary<string, RosterEntry>(StringComparer.Ordinal);
        for (var step = 0; step < 4_000; step++)
        {
            var one = Any(numbers);
            switch (numbers.Next(step < 2_000 ? 8 : 16))
            {
                case 0:
                    RosterEntry[] some = [.. Enumerable.Repeat(0, numbers.Next(40)).Select(_ => Any(numbers))];
                    roster = roster.SetItems(some);
                    foreach (var entry in some) model[entry.Participant.Value] = entry;
                    break;
                case <= 5:
                    roster = roster.SetItem(one);
                    model[one.Participant.Value] = one;
                    break;
                default:
                    roster = roster.Remove(one.Participant);
                    model.Remove(one.Participant.Value);
                    break;
            }

            Assert.Equal(model.Count, roster.Count);
            Assert.Equal(model.GetValueOrDefault(one.Participant.Value), roster.Find(one.Participant));
            Assert.Equal(model.ContainsKey(one.Participant.Value), roster.ContainsKey(one.Participant));
            if (step % 100 == 0) Assert.Equal(model.Values, roster.Values);
        }

        Assert.Equal(model.Values, roster.Values);
        Assert.Equal(model.Keys, roster.Keys.Select(key => key.Value));
        foreach (var key in model.Keys) roster = roster.Remove(ParticipantUri.Parse(key));
        Assert.Equal(0, roster.Count);
        Assert.Empty(roster.Values);
    }

    [Fact]
    public void SetItems_OfTwoWithOneIdentity_KeepsTheLaterOne()
    {
        var roster = Roster.Of([Named(1, "first"), Named(2, "other"), Named(1, "second")]);

        Assert.Equal(2, roster.Count);
        Assert.Equal("second", roster.Find(Named(1, null).Participant)!.DisplayName);
    }

    [Fact]
    public void Change_LeavesTheRosterBefore_AsItWas()
    {
        var before = Roster.Of(Enumerable.Range(0, 3 * Roster.LeafMax).Select(i => Named(i, "before")));
        RosterEntry[] was = [.. before.Values];

        before.SetItem(Named(5, "after"));
        before.SetItem(Named(100_000, "new"));
        before.SetItems(Enumerable.Range(0, 400).Select(i => Named(i, "after")));
        before.Remove(Named(5, null).Participant);

        Assert.Equal(was, before.Values);
    }

    [Fact]
    public void Members_KeepAllThatIsKnownOfThem()
    {
        var entry = new RosterEntry(
            ParticipantUri.Parse("sip:ana@example.org"), "Ana", Role.Presenter, Rights.Draw | Rights.Manage, true);

        Assert.Equal(entry, Roster.Empty.SetItem(entry).Find(entry.Participant));
        Assert.Equal([entry], Roster.Of([entry]).Values);
    }

    private static RosterEntry Named(int number, string? name) =>
        new(ParticipantUri.Parse($"sip:member{number}@example.org"), name, Role.Participant, Rights.None);

    private static RosterEntry Any(Numbers numbers) => Named(numbers.Next(1_500), $"name{numbers.Next(100)}");

    // Always the same numbers in no order: the generator of Numerical Recipes.
    private sealed class Numbers
    {
        private uint _state = 7;

        internal int Next(int below)
        {
            _state = (_state * 1_664_525) + 1_013_904_223;
            return (int)((ulong)_state * (uint)below >> 32);
        }
    }
}
