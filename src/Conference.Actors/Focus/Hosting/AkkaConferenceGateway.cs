using Akka.Actor;
using Conference.Actors.Ports;
using Conference.Protocol;
using Microsoft.Extensions.Logging;

namespace Conference.Actors.Focus;

/// <summary>Room 6: brings commands to the shard region, which finds or makes the actor, on whatever node.</summary>
/// <param name="region">Resolves the shard region; asked when the first command comes.</param>
/// <param name="options">Time-out.</param>
/// <param name="log">For what went wrong.</param>
/// <param name="onReachable">Told of participants that became reachable; the fan-out of this node.</param>
public sealed class AkkaConferenceGateway(
    Func<IActorRef> region, FocusOptions options, ILogger log, Action<ParticipantUri> onReachable)
    : IConferenceGateway
{
    private volatile bool _isDraining;

    /// <summary>From now on every command is refused with <see cref="RefuseReason.Draining"/>.</summary>
    public void Drain() => _isDraining = true;

    /// <summary>Gets a conference into memory, so that it goes on delivering.</summary>
    public void Wake(ConferenceUri conference)
    {
        if (!_isDraining) region().Tell(new WakeConference(conference));
    }

    /// <inheritdoc/>
    public async ValueTask<CommandOutcome> SubmitAsync(ConferenceCommand command, CancellationToken cancel)
    {
        if (_isDraining) return Refused(command, RefuseReason.Draining);
        try
        {
            var until = Environment.TickCount64 + (long)options.AskTimeout.TotalMilliseconds;
            for (var attempt = 0; attempt < 2; attempt++)
            {
                var left = TimeSpan.FromMilliseconds(Math.Max(1, until - Environment.TickCount64));
                var answer = await region().Ask<object>(command, left, cancel).ConfigureAwait(false);
                if (answer is CommandOutcome outcome) return outcome;
                if (answer is Status.Failure failure) throw failure.Cause;
                FocusMetrics.GatewayRetries.Inc(); // it was put away or moved: the region knows better now
            }

            return Refused(command, _isDraining ? RefuseReason.Draining : RefuseReason.ConferenceBusy);
        }
        catch (AskTimeoutException)
        {
            FocusMetrics.GatewayTimeouts.Inc();
            log.AskTimedOut(command.Conference.Value, options.AskTimeout);
            return Refused(command, RefuseReason.StoreUnavailable);
        }
        catch (OperationCanceledException)
        {
            return Refused(command, _isDraining ? RefuseReason.Draining : RefuseReason.StoreUnavailable);
        }
        catch (Exception exception)
        {
            log.GatewayFailed(command.Conference.Value, exception);
            return Refused(command, RefuseReason.StoreUnavailable);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="StoreUnavailableException">Not known: the store is away.</exception>
    /// <exception cref="TimeoutException">Not known: the conference did not answer in time.</exception>
    public async ValueTask<ConferenceDescription?> DescribeAsync(
        ConferenceUri conference, CancellationToken cancel)
    {
        try
        {
            for (var attempt = 0; attempt < 2; attempt++)
            {
                var answer = await region()
                    .Ask<object>(new DescribeConference(conference), options.AskTimeout, cancel)
                    .ConfigureAwait(false);
                if (answer is ConferenceDescribed described) return described.Description;
                if (answer is DescribeFailed) throw new StoreUnavailableException($"{conference} cannot be read now.");
            }
        }
        catch (AskTimeoutException exception)
        {
            throw new TimeoutException($"{conference} did not answer within {options.AskTimeout}.", exception);
        }

        throw new TimeoutException($"{conference} is moving.");
    }

    /// <inheritdoc/>
    public void ParticipantReachable(ParticipantUri participant) => onReachable(participant);

    private static CommandOutcome.Refused Refused(ConferenceCommand command, RefuseReason reason)
    {
        var refused = new CommandOutcome.Refused(reason);
        FocusMetrics.Count(command.Request.Action, refused);
        return refused;
    }
}
