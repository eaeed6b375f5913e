namespace Sip.Stack.Transport;

/// <summary>Why a URI has no destination.</summary>
public enum SipResolveFailure : byte
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>Not a sip or sips URI, or no host.</summary>
    NotRoutable,

    /// <summary>sips or transport=tls, ws, wss: not offered yet.</summary>
    TransportNotOffered,

    /// <summary>The name does not exist, or is .invalid.</summary>
    UnknownHost,

    /// <summary>The resolver did not answer in time.</summary>
    Timeout,
}

/// <summary>A destination, or why there is none.</summary>
public readonly record struct SipResolveResult(SipDestination? Destination, SipResolveFailure Failure);
