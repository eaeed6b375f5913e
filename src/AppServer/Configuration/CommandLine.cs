using System.Collections.Immutable;

namespace AppServer.Configuration;

/// <summary>What stands on the command line.</summary>
/// <param name="ShowHelp"><c>--help</c> or <c>-h</c> was there.</param>
/// <param name="ConfigFile">Of <c>--config</c>; null when not given.</param>
/// <param name="Values">Path of an option and its value, in order.</param>
/// <param name="Faults">Arguments that mean nothing.</param>
public sealed record CommandLine(
    bool ShowHelp,
    string? ConfigFile,
    ImmutableArray<KeyValuePair<string, string?>> Values,
    ImmutableArray<OptionFault> Faults)
{
    /// <summary>Short names of often used options.</summary>
    internal static ImmutableArray<(string Switch, string Option, string Help)> Switches { get; } =
    [
        ("--mode", "Server:Mode", "Standalone or Ims"),
        ("--domain", "Server:Domain", "domain of conferences and users"),
        ("--data", "Server:DataDirectory", "folder for database, pages and keys"),
        ("--sip-port", "Sip:Port", "SIP port, UDP and TCP; 0 takes a free one"),
        ("--http-port", "Http:Port", "HTTP port for participants; 0 takes a free one"),
        ("--admin-port", "Admin:Port", "HTTP port for operators; 0 takes a free one"),
        ("--ready-file", "Lifetime:ReadyFile", "file to write the actual addresses to, as JSON, once ready"),
        ("--log", "Log:Format", "Json or Text"),
    ];

    /// <summary>Reads arguments: <c>--switch value</c>, <c>--switch=value</c> or <c>--Section:Option=value</c>.
    /// </summary>
    public static CommandLine Read(IReadOnlyList<string> arguments)
    {
        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, string?>>();
        var faults = ImmutableArray.CreateBuilder<OptionFault>();
        var showHelp = false;
        string? configFile = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Cut(arguments[i]);
            if (name is "--help" or "-h" or "-?")
            {
                showHelp = true;
                continue;
            }

            var option = OptionOf(name);
            if (option is null && name != "--config")
            {
                faults.Add(new OptionFault("command line", arguments[i], "is no option; --help lists them"));
                continue;
            }

            var next = i + 1 < arguments.Count ? arguments[i + 1] : null;
            if (value is null && next?.StartsWith("--", StringComparison.Ordinal) is false)
            {
                value = next;
                i++;
            }

            if (value is null) faults.Add(new OptionFault("command line", name, "needs a value"));
            else if (name == "--config") configFile = value;
            else values.Add(new KeyValuePair<string, string?>(option!, value));
        }

        return new CommandLine(showHelp, configFile, values.ToImmutable(), faults.ToImmutable());
    }

    private static (string Name, string? Value) Cut(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static string? OptionOf(string name)
    {
        foreach (var known in Switches)
        {
            if (known.Switch == name) return known.Option;
        }

        var isPath = name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal);
        return isPath ? name[2..] : null;
    }
}
