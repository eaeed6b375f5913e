using System.Net;
using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Authentication;

/// <summary>Digest authentication in terms of SIP messages.</summary>
public static class DigestExchange
{
    /// <summary>Judges a received request.</summary>
    public static DigestVerdict Authenticate(
        this DigestAuthenticator authenticator, SipRequest request, IPAddress source, DateTimeOffset now) =>
        authenticator.Authenticate(
            new DigestAttempt(
                request.MethodName, request.RequestUriText, Lines(request, SipHeaderName.Authorization), source),
            now);

    /// <summary>The answer to a request that was not accepted: 401 with challenges, 400 or 403.</summary>
    public static SipResponseBuilder Refuse(
        this DigestAuthenticator authenticator, SipRequest request, DigestOutcome outcome, DateTimeOffset now)
    {
        var (status, _, reason, _) = DigestOutcomes.Describe(outcome);
        var response = new SipResponseBuilder(request, status, reason);
        if (status != 401) return response;
        foreach (var challenge in authenticator.Challenges(outcome, now))
        {
            response.With(SipHeaderName.WwwAuthenticate, challenge);
        }

        return response;
    }

    /// <summary>Puts the answer to a 401 or 407 into the request, which becomes a new one with the next CSeq.</summary>
    /// <param name="response">The challenge.</param>
    /// <param name="request">The request that was challenged; changed only when the outcome is Answered.</param>
    /// <param name="carriedCredentials">Whether it carried credentials that time already.</param>
    public static DigestClientOutcome Answer(
        this DigestClient client, SipResponse response, SipRequestBuilder request, bool carriedCredentials)
    {
        var isProxy = response.StatusCode == 407;
        var challenges = Lines(response, isProxy ? SipHeaderName.ProxyAuthenticate : SipHeaderName.WwwAuthenticate);
        var outcome = client.Answer(
            challenges, request.MethodName, request.RequestUri, carriedCredentials, out var authorization);
        if (outcome != DigestClientOutcome.Answered) return outcome;

        var name = isProxy ? "Proxy-Authorization" : "Authorization";
        request.Without(name).With(name, authorization);
        request.CSeq(request.CSeqNumber + 1); // RFC 3261 22.2: same Call-ID and tags, next CSeq
        return outcome;
    }

    /// <summary>Sends credentials with the first try, once a challenge was answered.</summary>
    /// <returns>True when there were some to put in.</returns>
    public static bool Preempt(this DigestClient client, SipRequestBuilder request)
    {
        if (client.Preempt(request.MethodName, request.RequestUri) is not { } authorization) return false;
        request.Without("Authorization").With(SipHeaderName.Authorization, authorization);
        return true;
    }

    /// <summary>One value per line: commas belong to the value (RFC 3261 7.3.1).</summary>
    private static List<string> Lines(SipMessage message, SipHeaderName name)
    {
        var lines = new List<string>();
        for (var i = message.Headers.FindFirst(name); i >= 0; i = message.Headers.FindFirst(name, i + 1))
        {
            lines.Add(Encoding.UTF8.GetString(message.Headers[i].Value));
        }

        return lines;
    }
}
