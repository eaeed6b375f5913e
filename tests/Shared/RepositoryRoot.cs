namespace Tests.Shared;

/// <summary>Finds the root of the working tree, so that tests can read files of the project.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder that holds AppServer.sln, searched upwards from the test assembly.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "AppServer.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No AppServer.sln above {AppContext.BaseDirectory}.");
    }
}
