namespace Sip.Stack.Transport;

/// <summary>Keeps requests out of one socket's receive queue while more arrive than are to be read.</summary>
/// <remarks>Refusing a request takes some 10 us; in a flood of ten times what the server can take that would be all it
/// does. Who is kept out sends again (RFC 3261 17.1.2.2), and has the same chance then. Any thread.</remarks>
internal sealed class RequestDoor : IDisposable
{
    private readonly Lock _lock = new();
    private readonly RequestShare _share;
    private readonly Func<double, bool> _apply;
    private readonly Func<bool> _isNearlyFull;
    private readonly Action<double> _show;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer; // When nothing is let in, nothing arrives that would open it again.
    private bool _isOff;

    /// <param name="perSecondMax">Requests that are read in a second.</param>
    /// <param name="apply">Lets in a share of the requests; false when that cannot be done.</param>
    /// <param name="show">Told the share: a metric.</param>
    /// <param name="isNearlyFull">Whether the queue is: asked when nobody reads, which may have another reason than
    /// that nothing arrives.</param>
    /// <param name="time">Measures the rate.</param>
    internal RequestDoor(
        int perSecondMax, Func<double, bool> apply, Action<double> show, Func<bool> isNearlyFull, TimeProvider time)
    {
        _share = new RequestShare(perSecondMax);
        (_apply, _show, _isNearlyFull, _time, _start) = (apply, show, isNearlyFull, time, time.GetTimestamp());
        _timer = time.CreateTimer(
            static door => ((RequestDoor)door!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        show(1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock) _isOff = true;
        _timer.Dispose();
    }

    /// <summary>Requests were taken from the queue.</summary>
    internal void Note(int requests, bool isNearlyFull)
    {
        lock (_lock)
        {
            if (_isOff || !_share.Note(requests, isNearlyFull, _time.GetElapsedTime(_start))) return;
            var share = _share.Value;
            _isOff = !_apply(share);
            if (_isOff)
            {
                // The share before would be all that is let in for ever.
                _apply(1);
                share = 1;
            }

            _show(share);
            var due = share < 1 ? RequestShare.Interval : Timeout.InfiniteTimeSpan;
            _timer.Change(due, due);
        }
    }
    private void OnTimer() => Note(0, _isNearlyFull());
}
