using System.Globalization;

namespace Load;

/// <summary>What the operating system says about a process and all that it has started.</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100; // USER_HZ on every Linux of interest.

    /// <summary>The process and its descendants.</summary>
    internal static IReadOnlyList<int> Of(int root)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .ToLookup(id => Stat(id) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : -1);
        List<int> tree = [root];
        for (var i = 0; i < tree.Count; i++) tree.AddRange(children[tree[i]]);
        return tree;
    }

    /// <summary>CPU that they have used so far.</summary>
    internal static (double User, double System) CpuSeconds(int root) => SumOf(Of(root).Select(Stat));

    /// <summary>CPU so far of the threads of one process whose name begins so.</summary>
    internal static (double User, double System) CpuSecondsOfThreads(int process, string name) => SumOf(
        Directory.EnumerateDirectories($"/proc/{process}/task")
            .Where(task => File.ReadAllText($"{task}/comm").StartsWith(name, StringComparison.Ordinal))
            .Select(StatOf));

    /// <summary>Proportional set size of them all in MiB: what they share counts once.</summary>
    internal static double ProportionalMebibytes(int root) =>
        Of(root).Sum(id => Kibibytes($"/proc/{id}/smaps_rollup", "Pss:")) / 1024;

    /// <summary>Resident memory of the one process in MiB.</summary>
    internal static double ResidentMebibytes(int process) => Kibibytes($"/proc/{process}/status", "VmRSS:") / 1024;

    // The fields of proc_pid_stat(5) from the third one on, behind the name, which may hold anything; null when the
    // process is gone.
    private static string[]? Stat(int process) => StatOf($"/proc/{process}");

    private static string[]? StatOf(string folder)
    {
        try
        {
            var text = File.ReadAllText($"{folder}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static (double User, double System) SumOf(IEnumerable<string[]?> stats)
    {
        var (user, system) = (0.0, 0.0);
        foreach (var fields in stats)
        {
            if (fields is null) continue;
            user += double.Parse(fields[11], CultureInfo.InvariantCulture) / TicksPerSecond;
            system += double.Parse(fields[12], CultureInfo.InvariantCulture) / TicksPerSecond;
        }

        return (user, system);
    }

    private static double Kibibytes(string file, string name)
    {
        var line = File.ReadLines(file).First(l => l.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
