namespace Sip.Stack.Transport;

/// <summary>When requests are dropped unread, so that the answers behind them are reached before the kernel drops both
/// alike: answers that are lost are sent for again, which is more load. Pure.</summary>
internal static class ShedRule
{
    /// <summary>Requests of one batch that are read while others are dropped. 4: a request costs some 50 us, the other
    /// sixty of the batch less than 1 us each, so the queue is read ten times as fast as it would be; and good requests
    /// among garbage, which fills a queue as well, still get through.</summary>
    private const int RequestsPerBatch = 4;

    /// <summary>Says whether requests are dropped from now on.</summary>
    /// <param name="isShedding">Whether they were.</param>
    /// <param name="queuePercent">How full the receive queue is.</param>
    /// <param name="shedAtPercent">Where it begins. It ends at half of that: an end close to the beginning would let in
    /// a handful of requests and begin again.</param>
    internal static bool Next(bool isShedding, int queuePercent, int shedAtPercent) =>
        queuePercent >= shedAtPercent || (isShedding && queuePercent > shedAtPercent / 2);

    /// <summary>Whether a request is read.</summary>
    /// <param name="isShedding">As <see cref="Next"/> said.</param>
    /// <param name="readOfBatch">Requests of the same batch that were read.</param>
    internal static bool Admits(bool isShedding, int readOfBatch) => !isShedding || readOfBatch < RequestsPerBatch;
}
