using System.Net;
using AppServer.Configuration;

namespace AppServer.Lifetime;

/// <summary>How participants reach the HTTP listener. Known from the start when configured, else once it is open.
/// </summary>
public sealed class PublicAddress
{
    private volatile string? _baseUrl;

    /// <summary>Takes the configured address, if there is one.</summary>
    public PublicAddress(HttpOptions options) =>
        _baseUrl = options.PublicBaseUrl.Length > 0 ? options.PublicBaseUrl.TrimEnd('/') : null;

    /// <summary>Such as <c>http://127.0.0.1:8080</c>, without a slash at the end; null while it is not known.</summary>
    public string? BaseUrl => _baseUrl;

    /// <summary>The listener is open. Nothing changes when an address is configured.</summary>
    public void ListensOn(IPEndPoint endPoint) => _baseUrl ??= $"http://{endPoint}";
}
