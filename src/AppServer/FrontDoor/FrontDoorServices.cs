using System.Security.Cryptography;
using AppServer.Configuration;
using AppServer.FrontDoor.Admission;
using AppServer.Lifetime;
using AppServer.Provisioning;
using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Protocol.Xml;
using Sip.Stack;
using Sip.Stack.Authentication;
using Sip.Stack.Core;
using Sip.Stack.Messages;

namespace AppServer.FrontDoor;

/// <summary>Puts the front door together for one of the two modes.</summary>
internal static class FrontDoorServices
{
    /// <summary>Adds the front door.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="options">All options: the mode decides.</param>
    /// <param name="users">In Standalone mode.</param>
    internal static void AddFrontDoor(
        this IServiceCollection services, AppServerOptions options, ICredentialStore? users)
    {
        services.AddSingleton<DomainNames>();
        services.AddSingleton<RefusalWriter>();
        services.AddSingleton(new MessageBodyReader(
            ProtocolLimits.Default with { BodyBytesMax = options.FrontDoor.BodyBytesMax }));
        services.AddSingleton(provider => new FocusRouter(
            provider.GetRequiredService<ConferenceUris>(), provider.GetRequiredService<DomainNames>(),
            trustsServedUser: options.Server.Mode == ServerMode.Ims));
        services.AddSingleton(provider => new UasCore(Capabilities(options, provider)));
        services.AddSingleton(MakeAdmission);
        services.AddSingleton<MessageDesk>();
        services.AddSingleton<FrontDoorHandler>();
        if (options.Server.Mode == ServerMode.Standalone) AddStandalone(services, options, users!);
        else AddIms(services, options);
    }

    private static RequestAdmission MakeAdmission(IServiceProvider provider)
    {
        var engine = provider.GetRequiredService<FanoutEngine>();
        var queue = provider.GetRequiredService<FocusServices>().StoreQueue;
        var admission = new RequestAdmission(
            provider.GetRequiredService<AdmissionOptions>(), provider.GetRequiredService<FrontDoorOptions>(),
            provider.GetRequiredService<ServerOptions>(), provider.GetRequiredService<FocusRouter>(),
            () => engine.IsAnyBehind, engine.LagOf, queue,
            provider.GetRequiredService<TimeProvider>());
        engine.TurnWaited += admission.NoteTurn;
        AdmissionMetrics.Register(admission);
        return admission;
    }

    private static void AddStandalone(IServiceCollection services, AppServerOptions options, ICredentialStore users)
    {
        var digest = new DigestOptions
        {
            Realm = options.Realm,
            Algorithms = options.Standalone.DigestAlgorithms,
            NonceLifetime = options.Standalone.NonceLifetime,
            FailuresPerSourceMax = options.Standalone.FailuresPerSourceMax,
        };
        services.AddSingleton(provider => new DigestAuthenticator(
            digest, users, provider.GetRequiredService<ServerSecret>().KeyFor("digest-nonce"),
            RandomNumberGenerator.Fill));
        services.AddSingleton<ISenderCheck, DigestSenderCheck>();
        services.AddSingleton<IRegisterDesk, RegistrarDesk>();
    }

    private static void AddIms(IServiceCollection services, AppServerOptions options)
    {
        services.AddSingleton(new PeerList(options.Ims.TrustedPeers));
        services.AddSingleton<ISenderCheck, AssertedSenderCheck>();
        services.AddSingleton<IRegisterDesk, ThirdPartyRegisterDesk>();
    }

    private static UasCapabilities Capabilities(AppServerOptions options, IServiceProvider provider)
    {
        var stack = new Lazy<SipStack>(provider.GetRequiredService<SipStack>);
        return new UasCapabilities
        {
            MediaTypes = MessageBodyReader.Accept,
            BodyBytesMax = options.FrontDoor.BodyBytesMax,
            IsOwnVia = via => IsOwn(via, stack.Value),
        };
    }

    private static bool IsOwn(ViaHeader via, SipStack stack)
    {
        foreach (var point in stack.ListenPoints)
        {
            if ((via.Port ?? 5060) == point.AdvertisedPort
                && via.Host.Equals(point.AdvertisedHost, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
