using Conference.Protocol;
using Sip.Stack.Authentication;
using Sip.Stack.Messages;

namespace AppServer.FrontDoor;

/// <summary><c>Standalone</c> mode: the sender is the user whose password answers the challenge (RFC 3261 22).
/// </summary>
public sealed class DigestSenderCheck : ISenderCheck
{
    private readonly DigestAuthenticator _authenticator;
    private readonly DomainNames _domains;
    private readonly TimeProvider _time;

    /// <summary>Puts it together.</summary>
    public DigestSenderCheck(DigestAuthenticator authenticator, DomainNames domains, TimeProvider time)
    {
        _authenticator = authenticator;
        _domains = domains;
        _time = time;
    }

    /// <inheritdoc/>
    public SenderVerdict Check(IFrontDoorExchange exchange)
    {
        var request = exchange.Request;
        var credentials = new List<string>();
        foreach (var line in request.Headers)
        {
            if (line.Name == SipHeaderName.Authorization) credentials.Add(line.ValueText);
        }

        var attempt = new DigestAttempt(
            request.MethodName, request.RequestUriText, credentials, exchange.Peer.Remote.Address);
        var now = _time.GetUtcNow();
        var verdict = _authenticator.Authenticate(attempt, now);
        if (!verdict.IsAccepted)
        {
            var challenges = _authenticator.Challenges(verdict.Outcome, now);
            return SenderVerdict.Refused(Refusal.Of(verdict.Outcome, challenges));
        }

        // The user may only speak under its own name, or others would be shown a name that nobody has proved.
        var user = ParticipantUri.Parse($"sip:{verdict.User}@{_domains.Domain}");
        return IsFrom(request, user)
            ? SenderVerdict.Is(user)
            : SenderVerdict.Refused(Refusal.Of(FrontDoorReason.FromMismatch));
    }

    private bool IsFrom(SipRequest request, ParticipantUri user) =>
        request.From is { } from
        && ParticipantUri.TryParse(from.UriText, out var named)
        && _domains.Normalise(named.Value) == user.Value;
}
