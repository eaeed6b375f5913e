using System.Text;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Sip.Stack;
using Sip.Stack.Messages;

namespace Conference.Client.Sip;

/// <summary>Answers what the server sends: a MESSAGE is applied, then answered 200 (RFC 3428 7).</summary>
/// <param name="limits">What is read at most.</param>
/// <param name="take">Applies a message; it may have to be fetched first.</param>
/// <param name="text">Takes a plain-text notice.</param>
internal sealed class IncomingMessages(
    ProtocolLimits limits, Func<ServerMessage, ValueTask<TakeOutcome>> take, Action<string> text) : ISipRequestHandler
{
    private const string Allowed = "MESSAGE, OPTIONS";
    private const string Accepted = MediaTypes.ConferenceXml + ", " + MediaTypes.PlainText;

    public async ValueTask HandleAsync(SipServerExchange exchange) =>
        exchange.Respond(await AnswerAsync(exchange.Request).ConfigureAwait(false));

    private async ValueTask<SipResponseBuilder> AnswerAsync(SipRequest request) => request.Method switch
    {
        SipMethod.Message => await AnswerMessageAsync(request).ConfigureAwait(false),
        SipMethod.Options => new SipResponseBuilder(request, 200)
            .With(SipHeaderName.Allow, Allowed).With(SipHeaderName.Accept, Accepted),
        _ => new SipResponseBuilder(request, 405).With(SipHeaderName.Allow, Allowed),
    };

    private async ValueTask<SipResponseBuilder> AnswerMessageAsync(SipRequest request)
    {
        var name = request.ContentType?.Name;
        if (string.Equals(name, MediaTypes.PlainText, StringComparison.OrdinalIgnoreCase))
        {
            text(Encoding.UTF8.GetString(request.Body.Span));
            return new SipResponseBuilder(request, 200);
        }

        if (!string.Equals(name, MediaTypes.ConferenceXml, StringComparison.OrdinalIgnoreCase))
        {
            return new SipResponseBuilder(request, 415).With(SipHeaderName.Accept, Accepted);
        }

        if (ServerMessageReader.TryRead(request.Body, limits, out var message, out var fault) != ReadOutcome.Ok)
        {
            var (refused, _, phrase) = ReadFaults.Describe(fault!.Reason);
            return new SipResponseBuilder(request, refused, phrase);
        }

        var (status, reason) = TakeOutcomes.Describe(await take(message!).ConfigureAwait(false));
        return new SipResponseBuilder(request, status, reason);
    }
}
