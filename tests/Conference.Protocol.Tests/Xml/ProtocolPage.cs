using System.Text.RegularExpressions;
using Tests.Shared;

namespace Conference.Protocol.Tests.Xml;

/// <summary>docs/protocol.md, with its fenced blocks by language.</summary>
internal static partial class ProtocolPage
{
    internal static string Text { get; } =
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "protocol.md"));

    internal static string[] Blocks(string language) =>
    [
        .. Fence().Matches(Text).Where(match => match.Groups[1].Value == language)
            .Select(match => match.Groups[2].Value),
    ];

    /// <summary>All labels in a switch that describes reasons, read from the source.</summary>
    internal static (string Status, string Label)[] LabelsIn(params string[] path) =>
    [
        .. Description().Matches(File.ReadAllText(Path.Combine([RepositoryRoot.Path, .. path])))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value)),
    ];

    [GeneratedRegex("^```(\\w+)\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("=>\\s*\\((\\d{3}), \"(\\w+)\"")]
    private static partial Regex Description();
}
