namespace Load;

/// <summary>Memory of a server in MiB: resident, heap and committed as the server leaves them, live after a full
/// collection.</summary>
internal readonly record struct ServerMemory(double Resident, double Heap, double Committed, double Live)
{
    /// <summary>Reads what the server has as it is, then has it collect everything and reads what is in use.</summary>
    internal static async Task<ServerMemory> MeasureAsync(ServerUnderLoad server, CancellationToken cancel)
    {
        var (heap, committed) = (await HeapAsync(), await MebibytesAsync("conference_as_gc_committed_bytes"));
        var resident = server.ResidentMebibytes();
        await server.CollectAsync(cancel);
        return new ServerMemory(resident, heap, committed, await HeapAsync());

        Task<double> HeapAsync() => MebibytesAsync("conference_as_gc_heap_bytes");

        async Task<double> MebibytesAsync(string name) => await server.MetricAsync(name) / (1 << 20);
    }
}
