namespace Conference.Store.Sqlite;

/// <summary>One call on its way through a store thread: what to do, and the task that its caller waits on.</summary>
/// <param name="name">For messages: "An append".</param>
/// <param name="events">Events that it makes durable.</param>
/// <param name="bytes">Payload that it writes, in bytes.</param>
internal abstract class StoreJob(string name, int events, int bytes)
{
    private volatile bool _isGivenUp;

    public string Name { get; } = name;

    public int Events { get; } = events;

    public int Bytes { get; } = bytes;

    /// <summary>Whether the caller has stopped waiting before the job was begun: then it is not begun any more.
    /// </summary>
    public bool IsGivenUp => _isGivenUp;

    public void GiveUp() => _isGivenUp = true;

    /// <summary>Does the work and keeps the result back. May be called again when its transaction was rolled back.
    /// </summary>
    /// <param name="session">The thread's connection; null on a thread without.</param>
    public abstract void Run(SqliteSession? session);

    /// <summary>Gives the result to the caller.</summary>
    public abstract void Succeed();

    /// <summary>Gives the caller an exception.</summary>
    public abstract void Fail(Exception exception);
}

/// <inheritdoc cref="StoreJob"/>
internal sealed class StoreJob<T>(string name, Func<SqliteSession?, T> body, int events = 0, int bytes = 0)
    : StoreJob(name, events, bytes)
{
    // Continuations never run on a store thread: they would delay the next commit.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Answer => _answer.Task;

    public override void Run(SqliteSession? session) => _result = body(session);

    public override void Succeed() => _answer.TrySetResult(_result);

    public override void Fail(Exception exception)
    {
        _answer.TrySetException(exception);
        _ = _answer.Task.Exception; // the caller may have stopped waiting: seen, nothing to raise later
    }
}
