using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Benchmarks.Protocol;
using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Benchmarks.Focus;

/// <summary>Rooms 7 and 9: what a command would do, and what its event makes of the conference.</summary>
[MemoryDiagnoser]
public class RulesBenchmarks
{
    private readonly RuleContext _context = RuleContext.For(new FocusOptions());
    private ConferenceState _state = null!;
    private ConferenceCommand _command = null!;
    private ConferenceEvent _event = null!;

    /// <summary>Members of the conference.</summary>
    [Params(2, 50, 1000)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        var roster = Enumerable.Range(0, Members).Select(i => new RosterEntry(
            i == 0 ? ProtocolData.Alice : ParticipantUri.Parse($"sip:member{i}@ims.example"), null,
            i == 0 ? Role.Chair : Role.Participant, i == 0 ? Rights.All : Rights.Draw));
        EventBody[] bodies =
        [
            new ConferenceCreated("Benchmark", Rights.Draw, false, roster.ToImmutableArray()),
            new DocumentShared("plan", "plan.pdf", 3),
            new PageShared(ProtocolData.Descriptor),
        ];
        _state = ConferenceState.Before(ProtocolData.Uri);
        foreach (var body in bodies)
            _state = _state.Apply(
                new ConferenceEvent(_state.Revision + 1, ProtocolData.Alice, $"s{_state.Revision}", now, body));
        _command = new ConferenceCommand(
            ProtocolData.Uri, ProtocolData.Alice,
            new ConferenceRequest("r-1", new Operate(ProtocolData.Page, [new AddMark(ProtocolData.Line)])), 42);
        _event = ProtocolData.Event with { Revision = _state.Revision + 1 };
    }

    [Benchmark(Baseline = true, Description = "decide a drawing")]
    public Decision Decide() => ConferenceRules.Decide(_state, _command, _context);

    [Benchmark(Description = "apply its event")]
    public ConferenceState Apply() => _state.Apply(_event);
}
