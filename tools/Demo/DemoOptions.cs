namespace Demo;

/// <summary>What stands on the command line of the demo.</summary>
/// <param name="Root">The working tree, with samples/ and the build output of the server.</param>
/// <param name="Keep">Keep the work folder: pages, database, saved file, log of the server. After a failure it is kept
/// in any case.</param>
internal sealed record DemoOptions(string Root, bool Keep)
{
    /// <summary>The built server.</summary>
    public string Server => Path.Combine(
        Root, "src", "AppServer", "bin", Configuration, "net10.0", "AppServer.dll");

    /// <summary>The documents to share.</summary>
    public string Samples => Path.Combine(Root, "samples");

    // The demo and the server are built the same way.
    private static string Configuration =>
        AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar).Contains("Debug") ? "Debug" : "Release";

    /// <summary>Null with a fault when an argument means nothing.</summary>
    public static DemoOptions? Read(string[] args, out string? fault)
    {
        var options = new DemoOptions(Environment.CurrentDirectory, Keep: false);
        fault = null;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--root" when i + 1 < args.Length: options = options with { Root = args[++i] }; break;
                case "--keep": options = options with { Keep = true }; break;
                default:
                    fault = $"'{args[i]}' is no option of the demo. Usage: ./run demo [--keep]";
                    return null;
            }
        }

        if (File.Exists(options.Server)) return options;
        fault = $"The server is not built: {options.Server} is not there.";
        return null;
    }
}

/// <summary>The demo cannot go on; the message says why in one line.</summary>
internal sealed class DemoException(string message) : Exception(message);
