using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Load.Floor;

/// <summary>What the system calls alone cost: requests that are ready go out, their answers are counted, by one thread.
/// </summary>
/// <remarks>No server can be cheaper that uses the same calls. Over UDP this one does not: it takes up to 64 answers
/// with one recvmmsg, the floor reads them one by one. The CPU is that of this thread; the sink's is not in it.
/// </remarks>
internal static class FloorScenario
{
    private const int OutstandingMax = 1_024;
    private const int Batch = 64;
    private const int DatagramBytesMax = 65_507;

    // A thread of its own, not of the pool: what it has used is read from the operating system.
    internal static Task<Report> RunAsync(LoadOptions options) => Task.Factory.StartNew(
        () => Run(options), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Report Run(LoadOptions options)
    {
        var deliveries = new Deliveries(options.Warmup + options.Events, options.Members);
        using var sink = new Sink(options, deliveries);
        var batch = options.HasSegments ? Math.Min(Batch, DatagramBytesMax / options.WireBytes) : Batch;
        var messages = new FloorMessages(options.IsTcp ? "TCP" : "UDP", options.WireBytes, batch);
        using FloorWire wire = options.IsTcp
            ? new StreamWire(sink.Address)
            : new DatagramWire(sink.Address, options.WireBytes, options.HasSegments);
        var pump = new Pump(wire, messages, options.Members, batch, options.MaxTime);
        var warm = (long)options.Warmup * options.Members;
        pump.Run(0, warm);
        deliveries.Begin();
        var cpu = ThreadCpuMicroseconds();
        var watch = Stopwatch.StartNew();
        var answered = pump.Run(warm, warm + ((long)options.Events * options.Members));
        var elapsed = watch.Elapsed;
        cpu = ThreadCpuMicroseconds() - cpu;
        return new Report(
        [
            (Figure.CpuPerEvent, cpu / answered, "F2"),
            (Figure.EventRate, answered / elapsed.TotalSeconds, "F0"),
            (Figure.Missing, deliveries.Missing(options.Warmup), "F0"),
            (Figure.Twice, deliveries.Surplus(options.Warmup), "F0"),
            (Figure.WireBytes, (double)deliveries.Bytes / deliveries.Messages, "F0"),
        ]);
    }

    // proc_pid_schedstat: nanoseconds on the CPU first.
    private static double ThreadCpuMicroseconds() => double.Parse(
        File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1_000;

    private sealed class Pump(FloorWire wire, FloorMessages messages, int members, int batch, TimeSpan maxTime)
    {
        private readonly long _startedAt = Stopwatch.GetTimestamp();

        /// <summary>Sends the requests from one number to another, until all are answered or nothing comes any more.
        /// </summary>
        /// <returns>How many were answered.</returns>
        internal long Run(long from, long to)
        {
            var (sent, answered) = (from, from);
            try
            {
                while (answered < to)
                {
                    var count = (int)Math.Min(batch, to - sent);
                    if (count == 0 || sent - answered + count > OutstandingMax)
                    {
                        answered += wire.Receive();
                        continue;
                    }

                    if (Stopwatch.GetElapsedTime(_startedAt) > maxTime) break;
                    wire.Send(messages.Next(sent, count, members), messages.BytesEach);
                    sent += count;
                }
            }
            catch (SocketException lost)
            {
                Console.Error.WriteLine($"{to - answered} requests got no answer: {lost.Message}");
            }

            return answered - from;
        }
    }
}
