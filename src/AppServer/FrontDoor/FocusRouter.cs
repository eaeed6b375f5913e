using AppServer.Provisioning;
using Conference.Protocol;
using Sip.Stack.Messages;

namespace AppServer.FrontDoor;

/// <summary>Room 5: which focus a request is for.</summary>
/// <remarks>
/// The rooms a message walks through, one direction only:
/// <code>
///  1 Sip.Stack/Transport      bytes           -> one framed message        UdpTransport, TcpTransport
///  2 Sip.Stack/Messages       frame           -> SipRequest or reason      SipMessageReader.TryRead
///  3 Sip.Stack/Transactions   request         -> new, or absorbed resend   TransactionTable
///  4 Sip.Stack/Dialogs        request         -> initial or in-dialog      DialogTable
///  5 AppServer/FrontDoor      header, URI     -> sender, command           FocusRouter.Route
///  6 Conference.Actors/Focus  command         -> mailbox of the one owner  IConferenceGateway.SubmitAsync
///  7 Conference.Actors/Focus  state, command  -> decision                  ConferenceRules (pure)
///  8 Conference.Store         events          -> durable, fenced by epoch  IConferenceStore.AppendAsync
///  9 Conference.Actors/Focus  events          -> new state, reply          ConferenceState (pure)
/// 10 Conference.Actors/Fanout event           -> one buffer, N queues      FanoutEngine
/// 11 AppServer/Links          queue           -> link                      IParticipantLink
/// </code>
/// </remarks>
public sealed class FocusRouter
{
    private readonly ConferenceUris _uris;
    private readonly DomainNames _domains;
    private readonly bool _trustsServedUser;

    /// <summary>Puts it together.</summary>
    /// <param name="uris">The factory and the conferences.</param>
    /// <param name="domains">Aliases of the domain.</param>
    /// <param name="trustsServedUser">Whether P-Served-User comes from a trust domain (RFC 5502 5).</param>
    public FocusRouter(ConferenceUris uris, DomainNames domains, bool trustsServedUser)
    {
        _uris = uris;
        _domains = domains;
        _trustsServedUser = trustsServedUser;
    }

    /// <summary>Finds the target of a request.</summary>
    /// <returns>Null when it is neither the factory nor a conference of this server.</returns>
    public FocusTarget? Route(SipRequest request)
    {
        // In the terminating session case, or without one, the served user is the conference, in canonical form; in the
        // originating one (the sender's own filter criteria) it is the sender, and the Request-URI is all there is.
        if (_trustsServedUser && request.PServedUser is { IsOriginating: not true } served
            && TargetOf(served.User.UriText) is { } target)
        {
            return target;
        }

        return TargetOf(request.RequestUriText);
    }

    /// <summary>Whether an identity is a conference or the factory: those do not send requests here.</summary>
    public bool IsFocus(ParticipantUri identity) => TargetOf(identity.Value) is not null;

    private FocusTarget? TargetOf(string text)
    {
        if (!ConferenceUri.TryParse(text, out var uri)) return null;
        var own = ConferenceUri.Parse(_domains.Normalise(uri.Value));
        if (own == _uris.Factory) return new FocusTarget(own, IsFactory: true);
        return _uris.IsConference(own) ? new FocusTarget(own, IsFactory: false) : null;
    }
}

/// <summary>Where a request goes.</summary>
/// <param name="Uri">In canonical form.</param>
/// <param name="IsFactory">The factory, not a conference.</param>
public readonly record struct FocusTarget(ConferenceUri Uri, bool IsFactory);
