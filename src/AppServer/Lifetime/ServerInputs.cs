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
            users = UserFile.TryRead(usersPath, options.Realm, out var userFaults);
            foreach (var fault in userFaults) found.Add(new OptionFault("Standalone:UsersFile", null, fault));
        }

        ImmutableArray<ConferenceDto> conferences = [];
        if (options.Provisioning.ConferencesFile.Length > 0)
        {
            var path = configuration.Beside(options.Provisioning.ConferencesFile);
            conferences = ConferencesFile.Read(path, options.Provisioning.ConferencesMax, out var fault);
            var isNamed = options.Provisioning.ConferencesFile != new ProvisioningOptions().ConferencesFile;
            if (isNamed && !File.Exists(path)) fault = $"{path}: the file is not there";
            if (fault is not null) found.Add(new OptionFault("Provisioning:ConferencesFile", null, fault));
            if (found.Count == 0) found.AddRange(Check(conferences, options));
        }

        var token = AdminToken.Load(configuration, out var tokenFault);
        if (tokenFault is not null) found.Add(tokenFault);
        faults = found.ToImmutable();
        return faults.IsEmpty
            ? new ServerInputs(users, token, new ProvisionedConferences(new(conferences)))
            : null;
    }

    // Whether they can be made does not depend on the secret, only where.
    private static IEnumerable<OptionFault> Check(ImmutableArray<ConferenceDto> conferences, AppServerOptions options)
    {
        var uris = new ConferenceUris(options.Server, new ServerSecret(new byte[32]));
        var reader = new ConferenceReader(uris, new DomainNames(options.Server), options.Focus);
        for (var i = 0; i < conferences.Length; i++)
        {
            reader.TryRead(conferences[i], requestId: null, out var faults);
            foreach (var fault in faults)
                yield return new OptionFault("Provisioning:ConferencesFile", null, $"conferences[{i}]: {fault}");
        }
    }
}
