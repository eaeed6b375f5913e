using AppServer.Configuration;
using Sip.Stack.Registration;

namespace AppServer.Registrations;

/// <summary>Puts together what knows where members are.</summary>
internal static class RegistrationServices
{
    /// <summary>The registrar in Standalone mode, the S-CSCF's reports in Ims mode.</summary>
    internal static void AddRegistrations(this IServiceCollection services, AppServerOptions options)
    {
        if (options.Server.Mode == ServerMode.Standalone) AddStandalone(services, options);
        else AddIms(services, options);
    }

    private static void AddStandalone(IServiceCollection services, AppServerOptions options)
    {
        var standalone = options.Standalone;
        services.AddSingleton(new RegistrarOptions
        {
            ExpiresDefault = standalone.RegistrationMax,
            ExpiresMin = standalone.RegistrationMin,
            ExpiresMax = standalone.RegistrationMax,
            ContactsPerAddressMax = standalone.ContactsMax,
            AddressesMax = standalone.UsersMax,
        });
        services.AddSingleton<IBindingStore, BindingStore>();
        services.AddSingleton<Registrar>();
        services.AddSingleton<IContactDirectory, StandaloneContacts>();
        services.AddSingleton<IRegistrationService, StandaloneRegistrations>();
    }

    private static void AddIms(IServiceCollection services, AppServerOptions options)
    {
        services.AddSingleton(new ThirdPartyOptions { IdentitiesMax = options.Ims.RegistrationsMax });
        services.AddSingleton<ThirdPartyRegistrations>();
        services.AddSingleton<ImsContacts>();
        services.AddSingleton<IContactDirectory>(provider => provider.GetRequiredService<ImsContacts>());
        services.AddSingleton<IRegistrationService, ImsRegistrations>();
    }
}
