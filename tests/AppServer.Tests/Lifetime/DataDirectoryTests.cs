using AppServer.Configuration;
using AppServer.Lifetime;
using AppServer.Tests.Fakes;
using Xunit;

namespace AppServer.Tests.Lifetime;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_MissingFolder_IsMade_AndLockedForOne()
    {
        var path = Path.Combine(_folder.Path, "a", "b");
        using (var first = DataDirectory.Open(path))
        {
            Assert.Equal(path, first.FullPath);
            var failure = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(path));
            Assert.Contains("in use by another server", failure.Message, StringComparison.Ordinal);
        }

        using var again = DataDirectory.Open(path);
    }

    [Fact]
    public void Open_WhereAFileIs_SaysThatItCannotBeMade()
    {
        var path = Path.Combine(_folder.Path, "file");
        File.WriteAllText(path, "");
        var failure = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(path));
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_MadeOnce_IsTheSameAtTheNextStart_AndForItsOwnerOnly()
    {
        var options = new ServerOptions { DataDirectory = _folder.Path };
        var first = ServerSecret.Load(options).KeyFor("use");
        Assert.Equal(first, ServerSecret.Load(options).KeyFor("use"));
        Assert.NotEqual(first, ServerSecret.Load(options).KeyFor("other"));
        var given = options with { Secret = Convert.ToBase64String(new byte[32]) };
        Assert.NotEqual(first, ServerSecret.Load(given).KeyFor("use"));
        if (OperatingSystem.IsWindows()) return;
        var mode = File.GetUnixFileMode(Path.Combine(_folder.Path, "server.secret"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }
}
