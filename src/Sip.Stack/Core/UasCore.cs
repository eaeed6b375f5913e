using Sip.Stack.Dialogs;
using Sip.Stack.Messages;

namespace Sip.Stack.Core;

/// <summary>The inspection that every new request goes through before anybody acts on it (RFC 3261 8.2).</summary>
/// <remarks>
/// <para>Order of 8.2: authentication (by the caller, before this), method, Request-URI, merged requests, Require,
/// content. The first fault is the answer. Stateless; any thread.</para>
/// <para>INVITE. There is no focus for media sessions, so no INVITE can succeed. The method is recognised all the same
/// and refused behind the whole inspection with 488 and Warning 304 (21.4.26: the resource is there, the session
/// offered to it is not acceptable) rather than with 405, because 405 would say that the method means nothing here:
/// an INVITE with an unknown body or extension gets the answer that RFC 3261 wants for those (415, 420), CANCEL and
/// ACK of it work, and the focus comes in by taking away that one refusal.</para>
/// <para>Max-Forwards. RFC 3261 asks only proxies to refuse a spent one. Here it is refused too: an application server
/// is in the middle of a chain (S-CSCF, AS, S-CSCF), and what reaches it with nothing left has been in a loop. OPTIONS
/// is answered, since Max-Forwards 0 is how one asks who sits at that hop (11.1). ADR-0007 has both.</para>
/// </remarks>
/// <param name="dialogs">Where requests with a To tag belong; null when the server has no dialogs.</param>
public sealed class UasCore(UasCapabilities capabilities, DialogTable? dialogs = null)
{
    /// <summary>What it measures by.</summary>
    public UasCapabilities Capabilities => capabilities;

    /// <summary>Inspects a request; counts a refusal.</summary>
    /// <param name="isMerged">From <c>SipServerExchange.IsMerged</c>.</param>
    /// <returns>The refusal to send, or null when the request may be acted on.</returns>
    public SipResponseBuilder? Check(SipRequest request, bool isMerged = false)
    {
        if (Inspect(request, isMerged) is not { } rejection) return null;
        CoreMetrics.Rejected.WithLabels(SipRejectReasons.Describe(rejection.Reason).Label).Inc();
        return rejection.ToResponse(request, capabilities);
    }

    /// <summary>The same without counting: the rule alone.</summary>
    public SipRejection? Inspect(SipRequest request, bool isMerged = false) =>
        InspectMethod(request)
        ?? InspectTarget(request, isMerged)
        ?? InspectExtensions(request)
        ?? InspectContent(request)
        ?? (request.Method == SipMethod.Invite ? new SipRejection(SipRejectReason.NoMediaSessions) : null);

    /// <summary>The answer to OPTIONS: all that this server can do (RFC 3261 11.2).</summary>
    public SipResponseBuilder AnswerOptions(SipRequest request)
    {
        var response = new SipResponseBuilder(request, 200)
            .With(SipHeaderName.Allow, string.Join(", ", capabilities.Methods))
            .With(SipHeaderName.Accept, string.Join(", ", capabilities.MediaTypes))
            .With(SipHeaderName.AcceptEncoding, string.Join(", ", capabilities.Encodings))
            .With(SipHeaderName.AcceptLanguage, string.Join(", ", capabilities.Languages))
            .With(SipHeaderName.Supported, string.Join(", ", capabilities.OptionTags));
        return capabilities.EventPackages.Count == 0
            ? response
            : response.With(SipHeaderName.AllowEvents, string.Join(", ", capabilities.EventPackages));
    }

    /// <summary>RFC 3261 8.2.1. Methods are compared with case, so "Message" is unknown.</summary>
    private SipRejection? InspectMethod(SipRequest request)
    {
        if (capabilities.Methods.Contains(request.MethodName, StringComparer.Ordinal)) return null;
        return new SipRejection(
            request.Method == SipMethod.Unknown ? SipRejectReason.MethodUnknown : SipRejectReason.MethodNotAllowed);
    }

    /// <summary>RFC 3261 8.2.2.1 and 8.2.2.2, 12.2.2, 16.3.</summary>
    private SipRejection? InspectTarget(SipRequest request, bool isMerged)
    {
        // By the scheme alone: what follows an unknown one is not ours to judge.
        if (request.RequestUri is not { } target || !capabilities.Schemes.Contains(target.Scheme))
        {
            return new SipRejection(SipRejectReason.UnsupportedScheme);
        }

        if (capabilities.IsServed is { } isServed && !isServed(target))
        {
            return new SipRejection(SipRejectReason.NotServedHere);
        }

        if (isMerged) return new SipRejection(SipRejectReason.Merged);
        if (capabilities.IsOwnVia is { } isOwnVia && request.Vias.Any(isOwnVia))
        {
            return new SipRejection(SipRejectReason.Loop);
        }

        if (request.MaxForwards == 0 && request.Method is not (SipMethod.Options or SipMethod.Ack or SipMethod.Cancel))
        {
            return new SipRejection(SipRejectReason.TooManyHops);
        }

        return IsForLostDialog(request) ? new SipRejection(SipRejectReason.NoSuchDialog) : null;
    }

    /// <summary>
    /// RFC 3261 12.2.2: a To tag names a dialog. REGISTER makes none, CANCEL and ACK go by transaction.
    /// </summary>
    private bool IsForLostDialog(SipRequest request) =>
        request.To?.Tag is not null
        && request.Method is not (SipMethod.Register or SipMethod.Ack or SipMethod.Cancel)
        && (dialogs is null || !dialogs.TryFind(request, out _));

    /// <summary>
    /// RFC 3261 8.2.2.3. Not for CANCEL and ACK, which may not carry Require but must not fail for it.
    /// </summary>
    private SipRejection? InspectExtensions(SipRequest request)
    {
        if (request.Method is SipMethod.Ack or SipMethod.Cancel || !request.Headers.Contains(SipHeaderName.Require))
        {
            return null;
        }

        var unknown = request.Require
            .Where(tag => !capabilities.OptionTags.Contains(tag, StringComparer.OrdinalIgnoreCase)).ToList();
        return unknown.Count == 0 ? null : new SipRejection(SipRejectReason.UnknownExtension, unknown);
    }

    /// <summary>RFC 3261 8.2.3.</summary>
    private SipRejection? InspectContent(SipRequest request)
    {
        if (request.Body.IsEmpty || request.Method is SipMethod.Ack or SipMethod.Cancel) return null;
        if (request.Body.Length > capabilities.BodyBytesMax) return new SipRejection(SipRejectReason.BodyTooLarge);
        if (IsOptional(request)) return null;
        if (!request.Headers.Contains(SipHeaderName.ContentType))
        {
            return new SipRejection(SipRejectReason.MissingContentType); // 20.15: it MUST be there
        }

        if (request.ContentType is not { } type) return new SipRejection(SipRejectReason.BadContentType);
        if (!capabilities.Takes(request.Method, type)) return new SipRejection(SipRejectReason.UnsupportedMediaType);
        var isEncodingKnown = !request.Headers.Contains(SipHeaderName.ContentEncoding)
            || request.ContentEncoding.All(one => capabilities.Encodings.Contains(one));
        return isEncodingKnown ? null : new SipRejection(SipRejectReason.UnsupportedEncoding);
    }

    /// <summary>RFC 3261 20.11: <c>handling=optional</c> means "ignore it if you do not know it".</summary>
    private static bool IsOptional(SipRequest request) =>
        request.Headers.GetText(SipHeaderName.ContentDisposition) is { } disposition
        && disposition.Split(';').Skip(1).Any(parameter =>
            parameter.Replace(" ", "", StringComparison.Ordinal)
                .Equals("handling=optional", StringComparison.OrdinalIgnoreCase));
}
