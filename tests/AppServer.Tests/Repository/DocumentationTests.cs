using System.Text.RegularExpressions;
using Tests.Shared;
using Xunit;

namespace AppServer.Tests.Repository;

/// <summary>Documents name only what exists.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Documents =>
        ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md", .. AllBelow("docs"), "bench/README.md"];

    [Theory]
    [MemberData(nameof(Documents))]
    public void EveryPath_ThatADocumentNames_Exists(string document)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, document));
        var missing = QuotedPath().Matches(text)
            .Select(m => m.Groups["path"].Value)
            .Where(p => !p.Contains('*') && !p.Contains('<') && !p.Contains("NNNN", StringComparison.Ordinal))
            .Distinct()
            .Where(p => !Exists(p))
            .ToList();

        Assert.True(missing.Count == 0, $"{document} names: {string.Join(", ", missing)}");
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void EveryLink_BetweenDocuments_LeadsSomewhere(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(RepositoryRoot.Path, document))!;
        var missing = Link().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, document)))
            .Select(m => m.Groups["target"].Value)
            .Where(t => !t.Contains("://", StringComparison.Ordinal) && !t.StartsWith('#')
                && !t.StartsWith("sip:", StringComparison.Ordinal))
            .Where(t => !File.Exists(Path.Combine(folder, t)) && !Directory.Exists(Path.Combine(folder, t)))
            .ToList();

        Assert.True(missing.Count == 0, $"{document} links to: {string.Join(", ", missing)}");
    }

    private static IEnumerable<string> AllBelow(string folder) => Directory
        .GetFiles(Path.Combine(RepositoryRoot.Path, folder), "*.md", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(RepositoryRoot.Path, f));

    private static bool Exists(string path)
    {
        var full = Path.Combine(RepositoryRoot.Path, path.TrimEnd('/'));
        return File.Exists(full) || Directory.Exists(full);
    }

    // A path is quoted and begins with a folder of the project.
    [GeneratedRegex(@"`(?<path>(src|tests|tools|bench|config|docs|samples|deploy)/[^`\s:,]*)`")]
    private static partial Regex QuotedPath();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
