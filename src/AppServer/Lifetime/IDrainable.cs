namespace AppServer.Lifetime;

/// <summary>Something that has work under way which a stopping server waits for.</summary>
public interface IDrainable
{
    /// <summary>For the log.</summary>
    string Name { get; }

    /// <summary>Whether nothing is left to wait for.</summary>
    bool IsSettled { get; }

    /// <summary>Does now what would else be done in its own time.</summary>
    Task HurryAsync() => Task.CompletedTask;
}
