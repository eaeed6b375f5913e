namespace Sip.Stack.Transport;

/// <summary>When requests are dropped unread, so that the answers to deliveries behind them are reached before the
/// kernel drops both alike: answers that are lost are sent for again, which is more load. Other responses count as
/// requests do. Pure.</summary>
internal static class ShedRule
{
    /// <summary>Requests of one batch of 64 that would be read while others are dropped and the queue is empty. 32: a
    /// request that is refused costs some 10 us and is not sent again, one that is dropped less than 1 us, now and for
    /// each of ten times that it comes again. So as many are read as the queue bears.</summary>
    private const int RequestsMax = 32;

    /// <summary>Says whether requests are dropped from now on.</summary>
    /// <param name="isShedding">Whether they were.</param>
    /// <param name="queuePercent">How full the receive queue is.</param>
    /// <param name="shedAtPercent">Where it begins. It ends at half of that: an end close to the beginning would let in
    /// a handful of requests and begin again.</param>
    internal static bool Next(bool isShedding, int queuePercent, int shedAtPercent) =>
        queuePercent >= shedAtPercent || (isShedding && queuePercent > shedAtPercent / 2);

    /// <summary>Requests of one batch that are read: the fewer the fuller the queue is, so that it comes to rest where
    /// as much is taken from it as arrives; at least one.</summary>
    /// <param name="isShedding">As <see cref="Next"/> said; else all are read.</param>
    /// <param name="queuePercent">How full the receive queue is; beyond 100 the kernel drops.</param>
    internal static int PassedOf(bool isShedding, int queuePercent) =>
        isShedding ? Math.Max(1, RequestsMax * (100 - queuePercent) / 100) : int.MaxValue;
}
