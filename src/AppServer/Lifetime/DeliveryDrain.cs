using AppServer.Configuration;

namespace AppServer.Lifetime;

/// <summary>Waits for deliveries as long as they make headway.</summary>
/// <remarks>A member whose battery is empty does not answer for the 32 s of its transaction; a server that is told to
/// stop should not wait for it. What it misses is in the store and is delivered after the next start.</remarks>
public sealed class DeliveryDrain : IDrainable
{
    private readonly LifetimeOptions _options;
    private readonly Func<bool> _isSettled;
    private readonly Func<int> _inFlight;
    private readonly Func<Task> _flush;
    private readonly TimeProvider _time;

    // Touched by the drain loop only.
    private int _lastInFlight = -1;
    private long _lastChange;

    /// <summary>Puts it together.</summary>
    /// <param name="options">How long without headway.</param>
    /// <param name="isSettled">Whether all is delivered and stored.</param>
    /// <param name="inFlight">How many deliveries wait for an answer.</param>
    /// <param name="flush">Stores cursors now.</param>
    /// <param name="time">Measures.</param>
    public DeliveryDrain(
        LifetimeOptions options, Func<bool> isSettled, Func<int> inFlight, Func<Task> flush, TimeProvider time)
    {
        _options = options;
        _isSettled = isSettled;
        _inFlight = inFlight;
        _flush = flush;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name => "deliveries";

    /// <inheritdoc/>
    public bool IsSettled
    {
        get
        {
            if (_isSettled()) return true;
            var inFlight = _inFlight();
            if (inFlight != _lastInFlight)
            {
                _lastInFlight = inFlight;
                _lastChange = _time.GetTimestamp();
                return false;
            }

            return _options.DrainStall > TimeSpan.Zero && _time.GetElapsedTime(_lastChange) >= _options.DrainStall;
        }
    }

    /// <inheritdoc/>
    public Task HurryAsync() => _flush();
}
