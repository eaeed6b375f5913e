using System.Diagnostics;
using Tests.Shared;
using Xunit;

namespace EndToEnd;

/// <summary>The demo, as ./run demo starts it.</summary>
public sealed class DemoTests
{
    [WhenInstalled("soffice", "pdftoppm")]
    public async Task Demo_EndsWithTheSameBoardForEverybody()
    {
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Demo.dll"), "--root", RepositoryRoot.Path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var demo = Process.Start(start)!;
        var output = demo.StandardOutput.ReadToEndAsync();
        var errors = demo.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        try
        {
            await demo.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            demo.Kill(entireProcessTree: true);
        }

        Assert.True(demo is { HasExited: true, ExitCode: 0 }, $"{await output}\n{await errors}");
        Assert.Contains("saved file HTTP", await output, StringComparison.Ordinal);
    }
}
