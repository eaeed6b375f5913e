using Conference.Actors.Focus;
using Conference.Protocol;

namespace AppServer.Tests.Fakes;

/// <summary>A gateway that answers as the test says and remembers what it was asked.</summary>
internal sealed class FakeGateway : IConferenceGateway
{
    internal List<ConferenceCommand> Commands { get; } = [];

    internal List<ParticipantUri> Reachable { get; } = [];

    internal List<ConferenceUri> Described { get; } = [];

    internal Func<ConferenceCommand, ValueTask<CommandOutcome>> Answer { get; set; } =
        _ => ValueTask.FromResult<CommandOutcome>(new CommandOutcome.Accepted(7));

    internal Func<ConferenceUri, ConferenceDescription?> Description { get; set; } = _ => null;

    internal void Refuse(RefuseReason reason, string? detail = null) =>
        Answer = _ => ValueTask.FromResult<CommandOutcome>(new CommandOutcome.Refused(reason, detail));

    public ValueTask<CommandOutcome> SubmitAsync(ConferenceCommand command, CancellationToken cancel)
    {
        Commands.Add(command);
        return Answer(command);
    }

    public ValueTask<ConferenceDescription?> DescribeAsync(ConferenceUri conference, CancellationToken cancel)
    {
        Described.Add(conference);
        return ValueTask.FromResult(Description(conference));
    }

    public void ParticipantReachable(ParticipantUri participant) => Reachable.Add(participant);
}
