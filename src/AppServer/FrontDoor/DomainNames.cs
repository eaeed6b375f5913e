using AppServer.Configuration;

namespace AppServer.FrontDoor;

/// <summary>Which host names mean this server.</summary>
public sealed class DomainNames
{
    private readonly HashSet<string> _own;

    /// <summary>Reads domain and aliases from the options.</summary>
    public DomainNames(ServerOptions options)
    {
        Domain = options.Domain.ToLowerInvariant();
        _own = new HashSet<string>(options.DomainAliases, StringComparer.OrdinalIgnoreCase) { Domain };
    }

    /// <summary>The one that URIs are made with.</summary>
    public string Domain { get; }

    /// <summary>Whether a host is the domain or one of its aliases.</summary>
    public bool IsOwn(string host) => _own.Contains(host);

    /// <summary>A URI with an alias replaced by the domain; others as they are.</summary>
    /// <param name="canonical">In canonical form, for example <c>sip:alice@127.0.0.1</c>.</param>
    public string Normalise(string canonical)
    {
        var at = canonical.LastIndexOf('@');
        if (at < 0) return canonical;
        var host = canonical.AsSpan(at + 1);
        return host.Equals(Domain, StringComparison.Ordinal) || !_own.Contains(host.ToString())
            ? canonical
            : string.Concat(canonical.AsSpan(0, at + 1), Domain);
    }
}
