using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Conference.Actors.Focus;
using Conference.Actors.Tests.Focus.Fakes;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Conference.Store.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Actors.Tests.Focus.Actor;

/// <summary>One conference actor under a probe that stands for its shard, on a virtual clock.</summary>
/// <remarks>What an actor does while it handles one message (answer, publish, send, set its timer) comes one after the
/// other: a test that saw the first must let it finish before it looks at the rest or moves the clock.</remarks>
public abstract class ActorBench() : TestKit(
    ConfigurationFactory.ParseString(
        """
        akka.test.single-expect-default = 60s
        akka.test.default-timeout = 60s
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.loglevel = WARNING
        akka.log-dead-letters = off
        """))
{
    /// <summary>For what must come: only a failure waits that long, and a busy machine may take its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private protected FakeTimeProvider Time { get; } = new(FocusData.Start);

    private protected FakeFanout Fanout { get; } = new();

    private protected StoreFaults Faults => field ??= new StoreFaults(Time);

    private protected InMemoryConferenceStore Store => field ??= new InMemoryConferenceStore(Faults);

    private protected WatchedStore Watched => field ??= new WatchedStore(Store);

    private protected InMemoryBlobStore Blobs => field ??= new InMemoryBlobStore(Time, Faults);

    private protected TestProbe Shard => field ??= CreateTestProbe();

    private protected FocusOptions Options { get; set; } = new();

    private protected IActorRef Start() => Shard.ChildActorOf(
        ConferenceActor.PropsFor(FocusData.Uri, Services()), SupervisorStrategy.DefaultStrategy); // as a shard

    private protected StoreQueue StoreQueue { get; } = new();

    private protected FocusServices Services() => new(
        Watched, Blobs, Fanout, new FakeReferences(), Options, Time, NullLogger.Instance)
    {
        StoreQueue = StoreQueue,
    };

    /// <summary>The answer, once the actor is done with what it did after it: the fan-out comes last.</summary>
    private protected static async Task<object> AskAsync(IActorRef actor, ConferenceCommand command)
    {
        var answer = await actor.Ask<object>(command, Patience);
        await FinishAsync(actor);
        return answer;
    }

    private protected static async Task<CommandOutcome> SubmitAsync(
        IActorRef actor, ParticipantUri sender, RequestAction action) =>
        Assert.IsAssignableFrom<CommandOutcome>(await AskAsync(actor, FocusData.Command(sender, action)));

    private protected static async Task<long> AcceptAsync(
        IActorRef actor, ParticipantUri sender, RequestAction action) =>
        Assert.IsType<CommandOutcome.Accepted>(await SubmitAsync(actor, sender, action)).Revision;

    private protected static async Task RefuseAsync(
        RefuseReason reason, IActorRef actor, ParticipantUri sender, RequestAction action) =>
        Assert.Equal(reason, Assert.IsType<CommandOutcome.Refused>(await SubmitAsync(actor, sender, action)).Reason);

    /// <summary>The conference of <see cref="FocusData.Shared"/>: revisions 1 to 3.</summary>
    private protected async Task<IActorRef> StartSharedAsync()
    {
        var actor = Start();
        await AcceptAsync(actor, FocusData.Chair, FocusData.Create());
        await AcceptAsync(actor, FocusData.Chair, new ShareDocument("d", "Letter.doc", 3));
        await AcceptAsync(actor, FocusData.Chair, FocusData.Share(FocusData.PageOne));
        return actor;
    }

    /// <summary>Both clocks go on together.</summary>
    private protected void Advance(TimeSpan by)
    {
        Time.Advance(by);
        ((TestScheduler)Sys.Scheduler).Advance(by);
    }

    /// <summary>Waits until the actor has handled everything that was sent to it.</summary>
    private protected static Task SettleAsync(IActorRef actor) =>
        actor.Ask<object>(new DescribeConference(FocusData.Uri), Patience);

    private protected async Task StopAsync(IActorRef actor)
    {
        Shard.Watch(actor);
        actor.Tell(StopConference.Instance);
        await Shard.ExpectTerminatedAsync(actor, Patience);
    }

    private protected Task<Passivate> ExpectPassivateAsync() =>
        Shard.ExpectMsgAsync<Passivate>(Patience).AsTask();

    /// <summary>Shows that the actor does not ask to be put away for what was sent to it so far.</summary>
    private protected async Task ExpectNoPassivateAsync(IActorRef actor)
    {
        await SettleAsync(actor);
        await Shard.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    /// <summary>Waits until the check holds, and then until the actor has finished the message that made it hold.
    /// </summary>
    private protected static async Task EventuallyAsync(IActorRef actor, Action check)
    {
        var started = TimeProvider.System.GetTimestamp(); // AwaitAssert would go by the virtual clock
        while (!Holds(check, TimeProvider.System.GetElapsedTime(started) > Patience))
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        await FinishAsync(actor);
    }

    private static bool Holds(Action check, bool isLast)
    {
        try
        {
            check();
            return true;
        }
        catch (Exception) when (!isLast)
        {
            return false;
        }
    }

    /// <summary>Waits until the actor has finished the message that it handles now.</summary>
    private static Task FinishAsync(IActorRef actor) => actor.Ask<ActorIdentity>(new Identify(null), Patience);
}
