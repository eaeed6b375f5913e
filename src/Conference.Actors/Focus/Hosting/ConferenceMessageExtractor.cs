using Akka.Cluster.Sharding;

namespace Conference.Actors.Focus;

/// <summary>Says which conference a message is for: one entity per conference, by its URI (INV-1).</summary>
internal sealed class ConferenceMessageExtractor(int shards) : HashCodeMessageExtractor(shards)
{
    public override string? EntityId(object message) => message switch
    {
        ConferenceCommand command => command.Conference.Value,
        DescribeConference describe => describe.Conference.Value,
        WakeConference wake => wake.Conference.Value,
        _ => null,
    };
}
