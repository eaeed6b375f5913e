using System.Globalization;
using System.Text;

namespace AppServer.Lifetime;

/// <summary>The folder that one server process owns, by a lock file that the operating system frees when it ends.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockName = "server.lock";

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        FullPath = path;
        _lock = held;
    }

    /// <summary>The folder, absolute.</summary>
    public string FullPath { get; }

    /// <summary>Makes the folder when missing and locks it.</summary>
    /// <param name="path">Relative to the working directory, or absolute.</param>
    /// <exception cref="DataDirectoryException">It cannot be made or written, or another server holds it.</exception>
    public static DataDirectory Open(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"The data directory {full} cannot be made: {failure.Message}", failure);
        }

        try
        {
            var held = new FileStream(
                Path.Combine(full, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            held.SetLength(0);
            held.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            held.Flush();
            return new DataDirectory(full, held);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new DataDirectoryException(
                $"The data directory {full} cannot be written: {failure.Message}", failure);
        }
        catch (IOException failure)
        {
            throw new DataDirectoryException(
                $"The data directory {full} is in use by another server, or cannot be written: {failure.Message}",
                failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}

/// <summary>The data directory cannot be used. The message is for the operator.</summary>
public sealed class DataDirectoryException : Exception
{
    /// <summary>For the serializer of test tools.</summary>
    public DataDirectoryException()
    {
    }

    /// <param name="message">What is wrong.</param>
    public DataDirectoryException(string message)
        : base(message)
    {
    }

    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What the system said.</param>
    public DataDirectoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
