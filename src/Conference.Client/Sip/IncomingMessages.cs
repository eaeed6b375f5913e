using System.Text;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Sip.Stack;
using Sip.Stack.Messages;

namespace Conference.Client.Sip;

/// <summary>Answers what the server sends: a MESSAGE is applied, then answered 200 (RFC 3428 7).</summary>
/// <param name="limits">What is read at most.</param>
/// <param name="take">Applies a message; false when there is no room for its conference.</param>
/// <param name="text">Takes a plain-text notice.</param>
internal sealed class IncomingMessages(
    ProtocolLimits limits, Func<ServerMessage, bool> take, Action<string> text) : ISipRequestHandler
{
    private const string Allowed = "MESSAGE, OPTIONS";
    private const string Accepted = MediaTypes.ConferenceXml + ", " + MediaTypes.PlainText;

    public ValueTask HandleAsync(SipServerExchange exchange)
    {
        exchange.Respond(Answer(exchange.Request));
        return ValueTask.CompletedTask;
    }

    private SipResponseBuilder Answer(SipRequest request) => request.Method switch
    {
        SipMethod.Message => AnswerMessage(request),
        SipMethod.Options => new SipResponseBuilder(request, 200)
            .With(SipHeaderName.Allow, Allowed).With(SipHeaderName.Accept, Accepted),
        _ => new SipResponseBuilder(request, 405).With(SipHeaderName.Allow, Allowed),
    };

    private SipResponseBuilder AnswerMessage(SipRequest request)
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
            var (status, _, reason) = ReadFaults.Describe(fault!.Reason);
            return new SipResponseBuilder(request, status, reason);
        }

        return new SipResponseBuilder(request, take(message!) ? 200 : 486);
    }
}
