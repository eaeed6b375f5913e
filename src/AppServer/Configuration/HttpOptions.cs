namespace AppServer.Configuration;

/// <summary>HTTP listener for participants: pages, saved files, the XML schema.</summary>
public sealed record HttpOptions
{
    /// <summary>Address to listen on.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port; 0 takes a free one.</summary>
    [ZeroAllowed]
    public int Port { get; init; } = 8080;

    /// <summary>How participants reach the listener, for references in messages, such as https://conf.example.org;
    /// empty for http with address and port listened on.</summary>
    public string PublicBaseUrl { get; init; } = "";

    /// <summary>At most this many connections at a time, both listeners together; more are closed at once.</summary>
    public int ConnectionsMax { get; init; } = 2000;
}

/// <summary>HTTP listener for operators.</summary>
public sealed record AdminOptions
{
    /// <summary>Address to listen on. Other than loopback only with a token.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port; 0 takes a free one.</summary>
    [ZeroAllowed]
    public int Port { get; init; } = 8081;

    /// <summary>Bearer token, at least 16 characters. Better in the environment or in TokenFile than here.</summary>
    [SecretOption]
    public string Token { get; init; } = "";

    /// <summary>File that holds the bearer token, for example a mounted secret; empty for none.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>Largest request body in bytes. A conference of 1,000 members is 60 KB.</summary>
    public int BodyBytesMax { get; init; } = 1_048_576;

    /// <summary>Most conferences in one page of the list.</summary>
    public int PageSizeMax { get; init; } = 500;
}
