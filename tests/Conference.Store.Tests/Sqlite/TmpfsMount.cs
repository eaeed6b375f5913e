using System.Diagnostics;
using Xunit;

namespace Conference.Store.Tests.Sqlite;

/// <summary>A fact that needs a small disk of its own; skipped, with the reason, where none may be mounted.</summary>
public sealed class TmpfsFactAttribute : FactAttribute
{
    public TmpfsFactAttribute()
    {
        if (!TmpfsMount.IsAllowed) Skip = "mounting a tmpfs needs root";
    }
}

/// <summary>A small file system in memory, to be filled up.</summary>
internal sealed class TmpfsMount : IDisposable
{
    private readonly string _filler;

    public TmpfsMount(string folder, int megabytes)
    {
        Folder = folder;
        _filler = Path.Combine(folder, "filler");
        Directory.CreateDirectory(folder);
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder))
            throw new InvalidOperationException("mount failed");
    }

    /// <summary>Whether a tmpfs can be mounted here; tried once.</summary>
    public static bool IsAllowed { get; } = Try();

    public string Folder { get; }

    /// <summary>Leaves less than 200 KB.</summary>
    public void FillUp()
    {
        using var file = File.Create(_filler);
        var block = new byte[4096];
        var room = new DriveInfo(Folder).AvailableFreeSpace - 150_000;
        for (long written = 0; written < room; written += block.Length) file.Write(block);
    }

    public void MakeRoom() => File.Delete(_filler);

    public void Dispose() => Run("umount", "-l", Folder);

    private static bool Try()
    {
        var folder = Directory.CreateTempSubdirectory("tmpfs-probe-").FullName;
        var isMounted = OperatingSystem.IsLinux()
            && Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) && Run("umount", folder);
        Directory.Delete(folder);
        return isMounted;
    }

    private static bool Run(string program, params string[] words)
    {
        try
        {
            var start = new ProcessStartInfo(program, words)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
