using System.Collections.Immutable;
using Conference.Actors.Focus;
using Conference.Protocol.Xml;
using Sip.Stack.Authentication;
using Sip.Stack.Core;
using Sip.Stack.Registration;

namespace AppServer.FrontDoor;

/// <summary>One refusal as it is answered and counted, wherever its reason comes from.</summary>
/// <param name="Status">SIP status.</param>
/// <param name="Label">Metric label.</param>
/// <param name="Text">Reason phrase: fixed, never from the request.</param>
/// <param name="Detail">For the Warning header; null when the text says it all.</param>
public sealed record Refusal(int Status, string Label, string Text, string? Detail = null)
{
    /// <summary>Values of WWW-Authenticate, one header each.</summary>
    public ImmutableArray<string> Challenges { get; init; } = [];

    /// <summary>Further headers that the status asks for: Accept, Allow, Min-Expires...</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>False for the first round of an authentication: it is answered, but nobody was refused.</summary>
    public bool IsCounted { get; init; } = true;

    /// <summary>A refusal of the front door itself.</summary>
    public static Refusal Of(FrontDoorReason reason, string? detail = null)
    {
        var (status, label, text) = FrontDoorReasons.Describe(reason);
        return new Refusal(status, label, text, detail);
    }

    /// <summary>A refusal of a conference.</summary>
    public static Refusal Of(CommandOutcome.Refused refused)
    {
        var (status, label, text) = RefuseReasons.Describe(refused.Reason);
        return new Refusal(status, label, text, refused.Detail);
    }

    /// <summary>A body that cannot be read.</summary>
    public static Refusal Of(ReadFault fault)
    {
        var (status, label, text) = ReadFaults.Describe(fault.Reason);
        return new Refusal(status, label, text, fault.ToString());
    }

    /// <summary>A request that is not authenticated.</summary>
    /// <param name="outcome">Not <see cref="DigestOutcome.Accepted"/>.</param>
    /// <param name="challenges">For a 401.</param>
    public static Refusal Of(DigestOutcome outcome, IEnumerable<string> challenges)
    {
        var (status, _, reason, label) = DigestOutcomes.Describe(outcome);
        return new Refusal(status, "digest_" + label, reason)
        {
            Challenges = status == 401 ? [.. challenges] : [],
            IsCounted = outcome is not (DigestOutcome.NoCredentials or DigestOutcome.StaleNonce
                or DigestOutcome.UnknownNonce),
        };
    }

    /// <summary>A request that RFC 3261 8.2 refuses.</summary>
    public static Refusal Of(SipRejectReason reason)
    {
        var (status, phrase, label) = SipRejectReasons.Describe(reason);
        return new Refusal(status, "sip_" + label, phrase);
    }

    /// <summary>A report of the S-CSCF that is not taken.</summary>
    public static Refusal Of(ThirdPartyOutcome outcome)
    {
        var (status, reason, label) = ThirdPartyOutcomes.Describe(outcome);
        return new Refusal(status, "third_party_" + label, reason);
    }

    /// <summary>A registration that is refused.</summary>
    public static Refusal Of(RegisterOutcome outcome)
    {
        var (status, reason, label) = RegisterOutcomes.Describe(outcome);
        return new Refusal(status, "register_" + label, reason);
    }
}
