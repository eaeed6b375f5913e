using System.Runtime.InteropServices;

namespace Conference.Store.Sqlite;

/// <summary>Makes the names in a folder durable: a new or renamed file survives a power cut only after its folder has
/// been synchronised too (fsync(2)). .NET cannot open a folder, hence the three calls.</summary>
internal static partial class DirectorySync
{
    private const int OpenReadOnly = 0;

    /// <exception cref="IOException">The folder cannot be opened or synchronised.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS journals names; there is no such call
        var descriptor = Open(folder, OpenReadOnly);
        if (descriptor < 0) throw Failure("open", folder);
        try
        {
            if (Fsync(descriptor) != 0) throw Failure("synchronise", folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string what, string folder) =>
        new($"Cannot {what} {folder}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
