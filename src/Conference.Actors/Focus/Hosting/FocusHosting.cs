using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Hosting;
using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Conference.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Conference.Actors.Focus;

/// <summary>Puts the conferences into a host: Akka.NET with Cluster Sharding, one entity per conference.</summary>
public static class FocusHosting
{
    private const string SystemName = "conference";
    private const string RegionName = "conference";

    /// <summary>Shards of the region. 100: ten times the nodes that a cluster is meant to have, as Akka advises.
    /// Never changed while a cluster runs: it decides where conferences are.</summary>
    private const int Shards = 100;

    private static readonly TimeSpan FormationTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Adds the actor system and <see cref="IConferenceGateway"/>. When the host has started, the single-node
    /// cluster has formed and commands are taken.</summary>
    /// <remarks>Expects <see cref="IConferenceStore"/>, <see cref="IBlobStore"/>, <see cref="IFanoutEngine"/>,
    /// <see cref="IContentReferences"/>, <see cref="TimeProvider"/> and logging in the container.</remarks>
    /// <param name="services">Of the host.</param>
    /// <param name="options">Limits and times.</param>
    /// <exception cref="ArgumentException">The options are not valid; all faults are in the message.</exception>
    public static IServiceCollection AddConferenceFocus(this IServiceCollection services, FocusOptions options)
    {
        var faults = FocusOptionsValidator.Validate(options);
        if (!faults.IsEmpty) throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(options));
        services.AddSingleton(options);
        services.AddSingleton(provider => new FocusServices(
            provider.GetRequiredService<IConferenceStore>(), provider.GetRequiredService<IBlobStore>(),
            provider.GetRequiredService<IFanoutEngine>(), provider.GetRequiredService<IContentReferences>(),
            options, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConferenceActor>>()));
        services.AddSingleton(MakeGateway);
        services.AddSingleton<IConferenceGateway>(provider => provider.GetRequiredService<AkkaConferenceGateway>());
        services.AddAkka(SystemName, (akka, provider) => Configure(akka, provider));
        return services;
    }

    private static AkkaConferenceGateway MakeGateway(IServiceProvider provider)
    {
        var region = new Lazy<IRequiredActor<ConferenceActor>>(
            provider.GetRequiredService<IRequiredActor<ConferenceActor>>);
        var engine = provider.GetRequiredService<IFanoutEngine>() as FanoutEngine;
        var gateway = new AkkaConferenceGateway(
            () => region.Value.ActorRef, provider.GetRequiredService<FocusOptions>(),
            provider.GetRequiredService<ILogger<AkkaConferenceGateway>>(),
            participant => engine?.Wake(participant));
        if (engine is not null) engine.ConferenceWanted += gateway.Wake;
        return gateway;
    }

    private static void Configure(AkkaConfigurationBuilder akka, IServiceProvider provider)
    {
        akka.ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.AddLoggerFactory();
            loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
        });
        akka.AddHocon(Hocon(), HoconAddMode.Prepend);
        akka.AddStartup(async (system, _) =>
        {
            var cluster = Cluster.Get(system);
            using var patience = new CancellationTokenSource(FormationTimeout);
            await cluster.JoinAsync(cluster.SelfAddress, patience.Token).ConfigureAwait(false);
        });
        akka.WithShardRegion<ConferenceActor>(
            RegionName,
            (_, _, _) =>
            {
                var focus = provider.GetRequiredService<FocusServices>();
                return entity => ConferenceActor.PropsFor(ConferenceUri.Parse(entity), focus)
                    .WithMailbox(ConferenceMailbox.Name);
            },
            new ConferenceMessageExtractor(Shards),
            new ShardOptions
            {
                StateStoreMode = StateStoreMode.DData,
                RememberEntities = false,
                PassivateIdleEntityAfter = null, // the actor knows better: CanRest
                HandOffStopMessage = StopConference.Instance,
            });
        akka.AddStartup(async (_, registry) =>
        {
            // The coordinator answers when it has taken up this region: from now on no command waits for it.
            var region = await registry.GetAsync<ConferenceActor>().ConfigureAwait(false);
            await region.Ask<CurrentRegions>(GetCurrentRegions.Instance, FormationTimeout).ConfigureAwait(false);
        });
    }

    /// <summary>A cluster of one node without a network port: nothing listens, nothing can be sent to it from outside.
    /// The intervals only make the one node agree with itself quickly, and the scheduler's clock ticks no more often
    /// than conferences need it: their shortest timers are seconds, and each tick wakes two threads.</summary>
    private static Config Hocon() => ConfigurationFactory.ParseString(
        """
        MAILBOX.mailbox-type = "MAILBOX_TYPE"
        akka {
          actor.provider = cluster
          scheduler.tick-duration = 50ms
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          remote {
            log-remote-lifecycle-events = off
            enabled-transports = ["akka.remote.test"]
            test {
              transport-class = "Akka.Remote.Transport.TestTransport, Akka.Remote"
              applied-adapters = []
              registry-key = "REGISTRY"
              local-address = "test://conference@single-node:1"
              maximum-payload-bytes = 32000000b
              scheme-identifier = test
            }
          }
          cluster {
            min-nr-of-members = 1
            periodic-tasks-initial-delay = 20ms
            gossip-interval = 1s
            leader-actions-interval = 100ms
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            sharding {
              retry-interval = 100ms
              coordinator-failure-backoff = 100ms
              handoff-timeout = 10s
              use-dispatcher = ""
            }
            distributed-data {
              gossip-interval = 1s
              notify-subscribers-interval = 200ms
              durable.keys = []
            }
          }
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            terminate-actor-system = on
            exit-clr = off
            default-phase-timeout = 3s
            phases.cluster-sharding-shutdown-region.timeout = 5s
          }
        }
        """
            .Replace("REGISTRY", Guid.NewGuid().ToString("n"), StringComparison.Ordinal)
            .Replace("MAILBOX_TYPE", typeof(ConferenceMailbox).AssemblyQualifiedName, StringComparison.Ordinal)
            .Replace("MAILBOX", ConferenceMailbox.Name, StringComparison.Ordinal));
}
