using System.Diagnostics;

namespace EndToEnd.BadInput;

/// <summary>A disk of 6 MiB in memory, of the test's own.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    internal string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Null without the right to mount.</summary>
    internal static async Task<SmallDisk?> TryMountAsync()
    {
        var path = Directory.CreateTempSubdirectory("small-disk-").FullName;
        if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", path) == 0) return new SmallDisk(path);
        Directory.Delete(path);
        return null;
    }

    /// <summary>Leaves no room.</summary>
    internal async Task FillAsync()
    {
        var free = new DriveInfo(Path).AvailableFreeSpace;
        await RunAsync("fallocate", "-l", $"{free - (free % 4096)}", Filler);
    }

    /// <summary>Makes room again.</summary>
    internal void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "-l", Path);
        Directory.Delete(Path, recursive: true);
    }

    private static async Task<int> RunAsync(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true })!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
