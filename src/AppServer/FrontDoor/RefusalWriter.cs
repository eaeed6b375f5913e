using AppServer.Configuration;
using Sip.Stack.Messages;
using Sip.Stack.Transactions;

namespace AppServer.FrontDoor;

/// <summary>Answers and counts refusals: status, reason phrase, Warning, Retry-After.</summary>
public sealed class RefusalWriter
{
    private const int DetailCharactersMax = 200;

    private readonly string _agent;
    private readonly FrontDoorOptions _options;
    private readonly ILogger _logger;

    /// <summary>Puts it together.</summary>
    public RefusalWriter(FrontDoorOptions options, DomainNames domains, ILogger<RefusalWriter> logger)
    {
        _agent = domains.Domain;
        _options = options;
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

        if (_options.RetryAfter(refusal.Status) is { } range)
            response.With(SipHeaderName.RetryAfter, range.SecondsFor(RequestMark.Of(response.Request)));
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
}
