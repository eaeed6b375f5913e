using System.Security.Cryptography;
using Sip.Stack;
using Sip.Stack.Authentication;
using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace Conference.Client.Sip;

/// <summary>Sends requests of one user to the server and answers its challenges (RFC 3261 22.2).</summary>
internal sealed class SipRequester
{
    // First attempt, answer to the challenge, answer to a stale nonce: a fourth would repeat the third.
    private const int AttemptsMax = 3;

    private readonly ConferenceClientOptions _options;
    private readonly SipStack _stack;
    private readonly DigestClient? _digest;
    private readonly string _fromTag = Token(8);
    private int _cseq;

    internal SipRequester(ConferenceClientOptions options, SipStack stack)
    {
        (_options, _stack) = (options, stack);
        _digest = options.Password is { } password
            ? new DigestClient(options.DigestUser, password, RandomNumberGenerator.Fill)
            : null;
    }

    /// <summary>Random hexadecimal digits for tags and Call-IDs.</summary>
    internal static string Token(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>Sends one request, with credentials where asked for.</summary>
    /// <param name="method">As on the wire.</param>
    /// <param name="requestUri">Request-URI, which is also the digest URI.</param>
    /// <param name="to">The To URI.</param>
    /// <param name="callId">The Call-ID.</param>
    /// <param name="complete">Adds headers and body.</param>
    /// <param name="cancel">Ends the wait, not the effect.</param>
    internal async Task<SipClientResult> SendAsync(
        string method, string requestUri, string to, string callId, Action<SipRequestBuilder> complete,
        CancellationToken cancel)
    {
        var header = SipHeaderName.Authorization;
        var credentials = _digest?.Preempt(method, requestUri);
        for (var attempt = 1; ; attempt++)
        {
            var request = new SipRequestBuilder(method, requestUri)
                .From($"<{_options.Identity}>", _fromTag)
                .To($"<{to}>")
                .CallId(callId)
                .CSeq((uint)Interlocked.Increment(ref _cseq));
            if (credentials is not null) request.With(header, credentials);
            complete(request);
            var result = await _stack.SendAsync(request, Destination, cancel).ConfigureAwait(false);
            if (_digest is null || attempt == AttemptsMax || result.Response is not { } response) return result;
            var challenge = response.StatusCode switch
            {
                401 => SipHeaderName.WwwAuthenticate,
                407 => SipHeaderName.ProxyAuthenticate,
                _ => SipHeaderName.Unknown,
            };
            if (challenge == SipHeaderName.Unknown) return result;
            header = response.StatusCode == 401 ? SipHeaderName.Authorization : SipHeaderName.ProxyAuthorization;
            var answered = _digest.Answer(
                Lines(response, challenge), method, requestUri, credentials is not null, out credentials);
            if (answered != DigestClientOutcome.Answered) return result;
        }
    }

    private SipDestination Destination => new(_options.Transport, _options.Server);

    /// <summary>Each line is one challenge: its commas separate parameters.</summary>
    private static List<string> Lines(SipResponse response, SipHeaderName name)
    {
        var lines = new List<string>();
        for (var at = response.Headers.FindFirst(name); at >= 0; at = response.Headers.FindFirst(name, at + 1))
        {
            lines.Add(System.Text.Encoding.UTF8.GetString(response.Headers[at].Value));
        }

        return lines;
    }
}
