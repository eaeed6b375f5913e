namespace Load;

/// <summary>Names of the figures that one run hands to another program; the same in every scenario.</summary>
internal static class Figure
{
    internal const string CpuPerEvent = "server CPU, us per event and participant";
    internal const string EventRate = "events and participants/s";
    internal const string Cpu = "server CPU, us per delivery";
    internal const string CpuUser = "of it user";
    internal const string CpuSystem = "of it system";
    internal const string CpuDrain = "of it after the last delivery";
    internal const string Rate = "deliveries/s (MESSAGEs answered)";
    internal const string EventsPerMessage = "events per MESSAGE";
    internal const string Answer50 = "sender's 202 p50, ms";
    internal const string Answer99 = "sender's 202 p99, ms";
    internal const string Last50 = "last participant p50, ms";
    internal const string Last99 = "last participant p99, ms";
    internal const string Missing = "events missing";
    internal const string Twice = "events twice";
    internal const string Retransmitted = "requests sent again";
    internal const string WireBytes = "bytes per MESSAGE";
    internal const string Memory = "resident memory, MiB";
}
