namespace AppServer.Lifetime;

/// <summary>What the process tells who started it.</summary>
public static class ExitCodes
{
    /// <summary>Stopped as it was told.</summary>
    public const int Stopped = 0;

    /// <summary>Could not start, or failed.</summary>
    public const int Failed = 1;

    /// <summary>The configuration has faults.</summary>
    public const int BadConfiguration = 2;

    /// <summary>Ended by a second Ctrl-C (128 + SIGINT).</summary>
    public const int EndedAtOnce = 130;
}
