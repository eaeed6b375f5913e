using System.Diagnostics;
using AppServer.FrontDoor.Admission;
using AppServer.Lifetime;
using Sip.Stack;
using Sip.Stack.Core;
using Sip.Stack.Messages;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace AppServer.FrontDoor;

/// <summary>Room 5: takes every new request from the SIP stack, bounds how many are under way and hands each to the
/// desk for its method.</summary>
public sealed class FrontDoorHandler : IDrainable
{
    private readonly ServerStatus _status;
    private readonly PeerList? _peers;
    private readonly RequestAdmission _admission;
    private readonly UasCore _core;
    private readonly MessageDesk _messages;
    private readonly IRegisterDesk _registers;
    private readonly RefusalWriter _refusals;
    private readonly ILogger _logger;

    /// <summary>Puts it together.</summary>
    /// <param name="status">Whether requests are taken.</param>
    /// <param name="admission">Whether new requests are taken.</param>
    /// <param name="core">The checks of RFC 3261 8.2.</param>
    /// <param name="messages">Takes MESSAGE.</param>
    /// <param name="registers">Takes REGISTER.</param>
    /// <param name="refusals">Answers what is refused.</param>
    /// <param name="logger">For what should not happen.</param>
    /// <param name="peers">The only peers that are answered at all; null for all.</param>
    public FrontDoorHandler(
        ServerStatus status, RequestAdmission admission, UasCore core, MessageDesk messages,
        IRegisterDesk registers, RefusalWriter refusals, ILogger<FrontDoorHandler> logger, PeerList? peers = null)
    {
        _peers = peers;
        _status = status;
        _admission = admission;
        _core = core;
        _messages = messages;
        _registers = registers;
        _refusals = refusals;
        _logger = logger;
    }

    /// <inheritdoc/>
    public string Name => "requests";

    /// <inheritdoc/>
    public bool IsSettled => _admission.UnderWay == 0;

    /// <summary>Whether a new request is taken: asked before it costs a transaction.</summary>
    public StatelessRefusal? Admit(SipRequest request, in SipPeer peer, RequestMark mark) =>
        _admission.Refuse(request, peer, mark);

    /// <summary>Answers an exchange. Throws nothing.</summary>
    public async ValueTask HandleAsync(IFrontDoorExchange exchange)
    {
        // Counted before the phase is read: a drain that sees zero afterwards has not missed this one.
        var place = _admission.Enter(exchange.Request, exchange.Peer);
        try
        {
            if (!_status.TakesRequests) Refuse(exchange, FrontDoorReason.Draining);
            else if (_admission.IsBeyondLimit(place)) Refuse(exchange, FrontDoorReason.Overloaded);
            else await DispatchAsync(exchange);
        }
        catch (Exception failure)
        {
            // A bug of ours ends this transaction and nothing else.
            FrontDoorLog.Failed(_logger, failure, exchange.Request.MethodName);
            if (!exchange.IsAnswered) Refuse(exchange, FrontDoorReason.InternalError);
        }
        finally
        {
            _admission.Leave(place);
        }
    }

    private void Refuse(IFrontDoorExchange exchange, FrontDoorReason reason) =>
        _refusals.Respond(exchange, Refusal.Of(reason));

    private async ValueTask DispatchAsync(IFrontDoorExchange exchange)
    {
        // Outside the trust domain nobody is told more than that.
        if (_peers is not null && !_peers.Trusts(exchange.Peer.Remote.Address))
        {
            Refuse(exchange, FrontDoorReason.UntrustedPeer);
            return;
        }

        if (Inspect(exchange) is { } rejection)
        {
            var response = rejection.ToResponse(exchange.Request, _core.Capabilities);
            _refusals.Respond(exchange, Refusal.Of(rejection.Reason), response);
            return;
        }

        switch (exchange.Request.Method)
        {
            case SipMethod.Message:
                await _messages.HandleAsync(exchange);
                return;
            case SipMethod.Register:
                await _registers.HandleAsync(exchange);
                return;
            case SipMethod.Options:
                exchange.Respond(_core.AnswerOptions(exchange.Request));
                return;
            default:
                throw new UnreachableException($"The UAS core lets no {exchange.Request.MethodName} through.");
        }
    }

    // RFC 3261 8.2, but for one thing: reports that clients send by themselves are not read, so they may be encoded.
    private SipRejection? Inspect(IFrontDoorExchange exchange)
    {
        var rejection = _core.Inspect(exchange.Request, exchange.IsMerged);
        var isReport = rejection is { Reason: SipRejectReason.UnsupportedEncoding }
            && exchange.Request.Method == SipMethod.Message && MessageBodyReader.IsReport(exchange.Request);
        return isReport ? null : rejection;
    }
}

/// <summary>Takes REGISTER: as a registrar, or as reports of the S-CSCF.</summary>
public interface IRegisterDesk
{
    /// <summary>Answers the exchange.</summary>
    ValueTask HandleAsync(IFrontDoorExchange exchange);
}
