using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;

namespace AppServer.Configuration;

/// <summary>What came out of reading the configuration.</summary>
/// <param name="Options">Complete; only to be used when there are no faults.</param>
/// <param name="Folder">Of the configuration file, or where it would be.</param>
/// <param name="Faults">All that is wrong.</param>
public sealed record LoadedConfiguration(AppServerOptions Options, string Folder, ImmutableArray<OptionFault> Faults)
{
    /// <summary>Resolves a file name in the configuration: relative to the folder of the configuration file.</summary>
    public string Beside(string path) => Path.GetFullPath(path, Folder);
}

/// <summary>Reads file, environment and command line, and checks the outcome. Once, at start.</summary>
public static class ConfigurationLoader
{
    /// <summary>Prefix of environment variables; two underscores stand for the colon of a path.</summary>
    public const string EnvironmentPrefix = "CONFERENCE_AS__";

    private const string StandardFile = "config/appserver.json";

    /// <summary>Reads and checks everything.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="environment">As from <see cref="Environment.GetEnvironmentVariables()"/>.</param>
    /// <param name="workingDirectory">Where the standard configuration file is looked for.</param>
    public static LoadedConfiguration Load(CommandLine line, IDictionary environment, string workingDirectory)
    {
        var faults = ImmutableArray.CreateBuilder<OptionFault>();
        faults.AddRange(line.Faults);
        var file = FindFile(line.ConfigFile, workingDirectory, faults);
        var builder = new ConfigurationBuilder();
        builder.AddInMemoryCollection(ReadFile(file, faults));
        var isRead = faults.Count == line.Faults.Length;
        builder.AddInMemoryCollection(LastOfEach(FromEnvironment(environment)));
        builder.AddInMemoryCollection(LastOfEach(line.Values));
        var options = OptionsBinder.Bind(builder.Build(), out var unbound);
        faults.AddRange(unbound);
        var folder = Path.GetDirectoryName(file ?? Path.GetFullPath(StandardFile, workingDirectory))!;
        var loaded = new LoadedConfiguration(options, folder, []);
        // Without the file, rules would find fault with defaults that it replaces.
        if (isRead) faults.AddRange(OptionsRules.Check(loaded));
        return loaded with { Faults = [.. faults.Distinct()] };
    }

    // An option given twice, in whatever case, has the value it was given last.
    private static Dictionary<string, string?> LastOfEach(IEnumerable<KeyValuePair<string, string?>> values)
    {
        var last = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (path, value) in values) last[path] = value;
        return last;
    }

    private static string? FindFile(
        string? asked, string workingDirectory, ImmutableArray<OptionFault>.Builder faults)
    {
        var path = Path.GetFullPath(asked ?? StandardFile, workingDirectory);
        if (File.Exists(path)) return path;
        if (asked is not null) faults.Add(new OptionFault("--config", path, "the file is not there"));
        return null;
    }

    // Through its own builder, so that a file that is no JSON is one fault beside the others.
    private static IEnumerable<KeyValuePair<string, string?>> ReadFile(
        string? file, ImmutableArray<OptionFault>.Builder faults)
    {
        if (file is null) return [];
        try
        {
            using var stream = File.OpenRead(file);
            return [.. new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable()
                .Where(pair => pair.Value is not null)];
        }
        catch (Exception failure) when (failure is FormatException or JsonException or IOException
            or UnauthorizedAccessException or InvalidDataException)
        {
            var text = (failure.InnerException ?? failure).Message;
            faults.Add(new OptionFault("--config", file, "cannot be read: " + text));
            return [];
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> FromEnvironment(IDictionary environment)
    {
        foreach (DictionaryEntry variable in environment)
        {
            var name = (string)variable.Key;
            if (!name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)) continue;
            var path = name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal);
            yield return new KeyValuePair<string, string?>(path, (string?)variable.Value);
        }
    }
}
