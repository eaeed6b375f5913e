using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Store;

namespace AppServer.Configuration;

/// <summary>Everything that can be configured: config/appserver.json, environment, command line.</summary>
/// <remarks>The summaries of these records are the comments of config/appserver.json and the descriptions of
/// config/appserver.schema.json; a test keeps the three the same.</remarks>
public sealed record AppServerOptions
{
    /// <summary>What this server is and where it keeps its data.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>SIP listeners.</summary>
    public SipOptions Sip { get; init; } = new();

    /// <summary>HTTP listener for participants: pages, saved files, the XML schema.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>HTTP listener for operators.</summary>
    public AdminOptions Admin { get; init; } = new();

    /// <summary>Probes and metrics.</summary>
    public ProbeOptions Probes { get; init; } = new();

    /// <summary>Only in Standalone mode: users and registrations.</summary>
    public StandaloneOptions Standalone { get; init; } = new();

    /// <summary>Only in Ims mode: peers and routes.</summary>
    public ImsOptions Ims { get; init; } = new();

    /// <summary>The digest realm in use.</summary>
    public string Realm => Standalone.Realm.Length > 0 ? Standalone.Realm : Server.Domain;

    /// <summary>What is asked of a request before a conference sees it.</summary>
    public FrontDoorOptions FrontDoor { get; init; } = new();

    /// <summary>When requests are refused because requests wait too long.</summary>
    public AdmissionOptions Admission { get; init; } = new();

    /// <summary>Conferences that are made by configuration, and those that wait to be woken.</summary>
    public ProvisioningOptions Provisioning { get; init; } = new();

    /// <summary>References to content that travel in messages.</summary>
    public DownloadOptions Downloads { get; init; } = new();

    /// <summary>Limits and times of conferences.</summary>
    public FocusOptions Focus { get; init; } = new();

    /// <summary>Limits and times of the fan-out: what is sent to members, when, and how often it is tried.</summary>
    public FanoutOptions Fanout { get; init; } = new();

    /// <summary>Limits of the outbound paths to members.</summary>
    public Links.LinkOptions Links { get; init; } = new();

    /// <summary>Where conferences are kept.</summary>
    public StoreOptions Store { get; init; } = new();

    /// <summary>Start and end of the process.</summary>
    public LifetimeOptions Lifetime { get; init; } = new();

    /// <summary>Logging.</summary>
    public LogOptions Log { get; init; } = new();
}
