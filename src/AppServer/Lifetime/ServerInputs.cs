using System.Collections.Immutable;
using AppServer.Admin;
using AppServer.Configuration;
using AppServer.FrontDoor;
using AppServer.Provisioning;
using Sip.Stack.Authentication;

namespace AppServer.Lifetime;

/// <summary>The files that the configuration names, read and checked before anything is opened.</summary>
/// <param name="Users">Only in Standalone mode.</param>
/// <param name="AdminToken">Of the admin API.</param>
/// <param name="Conferences">To be made at start.</param>
public sealed record ServerInputs(
    ICredentialStore? Users, AdminToken AdminToken, ProvisionedConferences Conferences)
{
    /// <summary>Reads the files.</summary>
    /// <param name="configuration">With its own faults.</param>
    /// <param name="faults">Those and all of the files.</param>
    /// <returns>Null when there are faults.</returns>
    public static ServerInputs? Read(LoadedConfiguration configuration, out ImmutableArray<OptionFault> faults)
    {
        var found = configuration.Faults.ToBuilder();
        var options = configuration.Options;
        UserFile? users = null;
        var usersPath = configuration.Beside(options.Standalone.UsersFile);
        if (options.Server.Mode == ServerMode.Standalone && File.Exists(usersPath))
        {
            users = UserFile.TryRead(usersPath, options.Standalone.Realm, out var userFaults);
            foreach (var fault in userFaults) found.Add(new OptionFault("Standalone:UsersFile", null, fault));
        }

        ImmutableArray<ConferenceDto> conferences = [];
        if (options.Provisioning.ConferencesFile.Length > 0)
        {
            var path = configuration.Beside(options.Provisioning.ConferencesFile);
            conferences = ConferencesFile.Read(path, options.Provisioning.ConferencesMax, out var fault);
            if (fault is not null) found.Add(new OptionFault("Provisioning:ConferencesFile", null, fault));
        }

        faults = found.ToImmutable();
        return faults.IsEmpty
            ? new ServerInputs(users, AdminToken.Load(configuration), new ProvisionedConferences(conferences))
            : null;
    }
}
