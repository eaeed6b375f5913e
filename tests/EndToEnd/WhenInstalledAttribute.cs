using Xunit;

namespace EndToEnd;

/// <summary>A test that starts programs which may not be installed: skipped then, with their names.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WhenInstalledAttribute : FactAttribute
{
    public WhenInstalledAttribute(params string[] programs)
    {
        var missing = programs.Where(program => !IsInstalled(program)).ToArray();
        if (missing.Length > 0) Skip = $"not installed: {string.Join(", ", missing)}";
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
