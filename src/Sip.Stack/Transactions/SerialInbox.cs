namespace Sip.Stack.Transactions;

/// <summary>
/// Takes the inputs of one transaction one at a time, in order, on whichever thread comes first. No lock is held
/// while an
/// input is worked on, so its effects may call out, and may post more inputs.
/// </summary>
internal abstract class SerialInbox<TInput>
    where TInput : struct
{
    private readonly Lock _lock = new();

    // Touched under _lock.
    private Queue<TInput>? _waiting; // made at the first contention, which most transactions never see
    private bool _isRunning;

    protected void Post(TInput input)
    {
        lock (_lock)
        {
            if (_isRunning)
            {
                (_waiting ??= new Queue<TInput>()).Enqueue(input);
                return;
            }

            _isRunning = true;
        }

        do
        {
            try
            {
                Perform(input);
            }
            catch (Exception e)
            {
                OnFault(e);
            }
        }
        while (TryNext(out input));
    }

    /// <summary>Works on one input.</summary>
    protected abstract void Perform(in TInput input);

    /// <summary>An exception of <see cref="Perform"/>: a bug. It ends at most this transaction.</summary>
    protected abstract void OnFault(Exception error);

    private bool TryNext(out TInput input)
    {
        lock (_lock)
        {
            if (_waiting is not null && _waiting.TryDequeue(out input)) return true;
            _isRunning = false;
            input = default;
            return false;
        }
    }
}
