namespace AppServer.Provisioning;

/// <summary>Puts together what makes conferences.</summary>
internal static class ProvisioningServices
{
    /// <summary>URIs, the reader of operators' conferences, and the conferences of the file.</summary>
    internal static void AddProvisioning(this IServiceCollection services)
    {
        services.AddSingleton<ConferenceUris>();
        services.AddSingleton<ConferenceReader>();
        services.AddSingleton<ConferenceProvisioning>();
    }
}
