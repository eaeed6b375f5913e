using System.Text.RegularExpressions;
using Tests.Shared;
using Xunit;

namespace AppServer.Tests.Repository;

/// <summary>Rules of CONTRIBUTING.md that a script can see.</summary>
public sealed partial class SourceRuleTests
{
    private static readonly string[] Sources = [.. new[] { "src", "tests", "tools" }
        .SelectMany(f => Directory.GetFiles(Path.Combine(RepositoryRoot.Path, f), "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))];

    [Fact]
    public void SourceFile_HasAtMost500Lines() =>
        AssertNone(Sources.Where(f => File.ReadLines(f).Count() > 500));

    [Fact]
    public void SourceLine_HasAtMost120Columns() =>
        AssertNone(from file in Sources
                   from line in File.ReadLines(file).Index()
                   where line.Item.Length > 120
                   select $"{file}:{line.Index + 1}");

    [Fact]
    public void WallClock_IsReadThroughTimeProviderOnly() => AssertNone(Find(Sources, WallClock()));

    [Fact]
    public void Sleep_IsNeverUsed() => AssertNone(Find(Sources, Sleep()));

    [Fact]
    public void RulesAndState_ReadNoClockAndNoChance() => AssertNone(Find(
        Sources.Where(f => f.Contains("/Focus/Rules/", StringComparison.Ordinal)
            || f.Contains("/Focus/State/", StringComparison.Ordinal)),
        ClockOrChance()));

    private static IEnumerable<string> Find(IEnumerable<string> files, Regex pattern) =>
        from file in files
        where !file.EndsWith(nameof(SourceRuleTests) + ".cs", StringComparison.Ordinal)
        from line in File.ReadLines(file).Index()
        where pattern.IsMatch(line.Item) && !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    private static void AssertNone(IEnumerable<string> found)
    {
        var list = found.Select(f => Path.GetRelativePath(RepositoryRoot.Path, f)).ToList();
        Assert.True(list.Count == 0, string.Join(Environment.NewLine, list));
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\bThread\.Sleep\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"TimeProvider|Random|Guid\.NewGuid|Stopwatch")]
    private static partial Regex ClockOrChance();
}
