using System.Globalization;
using AppServer.Configuration;
using Sip.Stack.Messages;

namespace AppServer.FrontDoor;

/// <summary>Answers and counts refusals: status, reason phrase, Warning, Retry-After.</summary>
public sealed class RefusalWriter
{
    private const int DetailCharactersMax = 200;

    private readonly string _agent;
    private readonly string _serverRetryAfter;
    private readonly string _senderRetryAfter;
    private readonly ILogger _logger;

    /// <summary>Puts it together.</summary>
    public RefusalWriter(FrontDoorOptions options, DomainNames domains, ILogger<RefusalWriter> logger)
    {
        _agent = domains.Domain;
        _serverRetryAfter = Seconds(options.ServerRetryAfter);
        _senderRetryAfter = Seconds(options.SenderRetryAfter);
        _logger = logger;
    }

    /// <summary>Answers an exchange.</summary>
    public void Respond(IFrontDoorExchange exchange, Refusal refusal) =>
        Respond(exchange, refusal, new SipResponseBuilder(exchange.Request, refusal.Status, refusal.Text));

    /// <summary>Answers an exchange with a response that has some headers already.</summary>
    public void Respond(IFrontDoorExchange exchange, Refusal refusal, SipResponseBuilder response)
    {
        if (refusal.IsCounted) FrontDoorMetrics.Refusals.WithLabels(refusal.Label).Inc();
        FrontDoorLog.Refused(_logger, exchange.Request.MethodName, refusal.Status, refusal.Label, exchange.Peer.Remote);
        Complete(response, refusal);
        exchange.Respond(response);
    }

    private void Complete(SipResponseBuilder response, Refusal refusal)
    {
        foreach (var challenge in refusal.Challenges) response.With(SipHeaderName.WwwAuthenticate, challenge);
        foreach (var (name, value) in refusal.Headers) response.With(name, value);
        if (refusal.IsCounted && !response.HasHeader("Warning"))
        {
            // RFC 3261 20.43: 399 is a miscellaneous warning for a person or a log.
            response.With(SipHeaderName.Warning, $"399 {_agent} \"{Clean(refusal.Detail ?? refusal.Text)}\"");
        }

        // RFC 3261 20.33. 503 speaks for the whole server (an S-CSCF may stop using it), 480 for this sender only.
        if (refusal.Status == 503) response.With(SipHeaderName.RetryAfter, _serverRetryAfter);
        if (refusal.Status == 480) response.With(SipHeaderName.RetryAfter, _senderRetryAfter);
    }

    /// <summary>What may stand in a quoted string of a header: no quotes, no line ends, ASCII only.</summary>
    internal static string Clean(string detail)
    {
        var length = Math.Min(detail.Length, DetailCharactersMax);
        return string.Create(length, detail, static (target, text) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                var c = text[i];
                target[i] = c switch
                {
                    '"' or '\\' => '\'',
                    >= ' ' and <= '~' => c,
                    _ => '?',
                };
            }
        });
    }

    private static string Seconds(TimeSpan span) =>
        Math.Max(1, (int)Math.Ceiling(span.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
