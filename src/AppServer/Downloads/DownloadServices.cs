using Conference.Actors.Ports;

namespace AppServer.Downloads;

/// <summary>Puts together what hands out content.</summary>
internal static class DownloadServices
{
    /// <summary>The references and their reader.</summary>
    internal static void AddDownloads(this IServiceCollection services)
    {
        services.AddSingleton<DownloadLinks>();
        services.AddSingleton<IContentReferences>(provider => provider.GetRequiredService<DownloadLinks>());
    }
}
