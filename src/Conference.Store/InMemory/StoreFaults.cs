using Conference.Actors.Ports;

namespace Conference.Store.InMemory;

/// <summary>Faults that a test asks of the in-memory stores: away, slow, and writes whose answer or effect is lost.
/// All members may be called from any thread.</summary>
/// <param name="time">Clock of <see cref="Delay"/>.</param>
public sealed class StoreFaults(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _held;
    private int _loseAnswers;
    private int _loseWrites;

    /// <summary>Whether every call fails at once, without effect. The reachability probe says false.</summary>
    public bool IsAway { get; set; }

    /// <summary>How long each call takes. At or above <see cref="CallTimeout"/> the call ends as unavailable after
    /// that time, and its effect happens all the same: the ambiguous case.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The stores' time-out. Default as the real stores': 0.8 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMilliseconds(800);

    /// <summary>The next writes happen, but their callers are told that the store is unavailable.</summary>
    public void LoseNextAnswers(int count)
    {
        lock (_gate) _loseAnswers = count;
    }

    /// <summary>The next writes do not happen, and their callers are told that the store is unavailable.</summary>
    public void LoseNextWrites(int count)
    {
        lock (_gate) _loseWrites = count;
    }

    /// <summary>Lets calls wait, before their effect, until the returned handle is disposed.</summary>
    public IDisposable Hold()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _held = held;
        return new Release(this, held);
    }

    internal async ValueTask<T> RunAsync<T>(string call, bool isWrite, Func<T> effect, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Task? held;
        bool loseWrite, loseAnswer;
        lock (_gate)
        {
            held = _held?.Task;
            loseWrite = isWrite && _loseWrites > 0;
            if (loseWrite) _loseWrites--;
            loseAnswer = isWrite && !loseWrite && _loseAnswers > 0;
            if (loseAnswer) _loseAnswers--;
        }

        if (IsAway || loseWrite) throw Injected(call);
        if (held is not null) await held.WaitAsync(cancel);
        var delay = Delay;
        if (delay >= CallTimeout)
        {
            effect();
            await Task.Delay(CallTimeout, time, cancel);
            throw StoreMetrics.Refuse(InMemoryConferenceStore.Label, StoreFault.Timeout, $"{call} timed out");
        }

        if (delay > TimeSpan.Zero) await Task.Delay(delay, time, cancel);
        var result = effect();
        return loseAnswer ? throw Injected(call) : result;
    }

    private static StoreUnavailableException Injected(string call) =>
        StoreMetrics.Refuse(InMemoryConferenceStore.Label, StoreFault.Injected, $"{call} failed by request of a test");

    private sealed class Release(StoreFaults faults, TaskCompletionSource held) : IDisposable
    {
        public void Dispose()
        {
            lock (faults._gate)
            {
                if (faults._held == held) faults._held = null;
            }

            held.TrySetResult();
        }
    }
}
