using System.Globalization;
using System.Text;

namespace AppServer.Configuration;

/// <summary>What <c>--help</c> prints.</summary>
public static class HelpText
{
    /// <summary>Usage, the short switches and every option with its default.</summary>
    public static string Write()
    {
        var text = new StringBuilder();
        text.AppendLine("Conference application server: documents shared, drawn on and turned over SIP MESSAGE.");
        text.AppendLine();
        text.AppendLine("Usage: dotnet AppServer.dll [switches] [--Section:Option=value ...]");
        text.AppendLine();
        text.AppendLine("  --help                 this text");
        text.AppendLine("  --config PATH          configuration file; config/appserver.json when it is there");
        foreach (var (name, _, help) in CommandLine.Switches)
        {
            text.Append("  ").Append(name.PadRight(22)).Append(' ').AppendLine(help);
        }

        text.AppendLine();
        text.AppendLine("Sources, each over the one before: built-in defaults, the configuration file, environment");
        text.AppendLine("variables (CONFERENCE_AS__Section__Option), the command line. Lists: comma separated.");
        text.AppendLine("Ctrl-C or SIGTERM stops after what is under way is done; a second Ctrl-C stops at once.");
        text.AppendLine("Exit code 0: stopped as told. 1: could not start or failed. 2: the configuration has faults.");
        text.AppendLine();
        text.AppendLine("Options and their defaults:");
        foreach (var option in OptionCatalog.All)
        {
            text.Append("  --").Append(option.Path).Append('=').AppendLine(Show(option.Default));
        }

        return text.ToString();
    }

    /// <summary>A value as it can be given on the command line.</summary>
    internal static string Show(object? value) => value switch
    {
        null => string.Empty,
        bool flag => flag ? "true" : "false",
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        string text => text,
        System.Collections.IEnumerable list => string.Join(",", list.Cast<object>().Select(Show)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
