using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack.Core;
using Sip.Stack.Registration;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Torture;

/// <summary>A small server on loopback: inspection, OPTIONS, a registrar, and MESSAGE taken with 202.</summary>
internal sealed class TortureUas : ISipRequestHandler, IAsyncDisposable
{
    private readonly UasCore _core = new(new UasCapabilities());
    private readonly Registrar _registrar;
    private readonly RegistrarFront _front;
    private readonly SipStack _stack;

    private TortureUas()
    {
        _registrar = new Registrar(new RegistrarOptions(), null, TimeProvider.System, NullLogger<Registrar>.Instance);
        _front = new RegistrarFront(_registrar, TimeProvider.System);
        var options = new SipStackOptions
        {
            Transport = new SipTransportOptions { Endpoints = [new SipListenEndpoint { Port = 0 }] },
        };
        _stack = new SipStack(options, this, TimeProvider.System, NullLoggerFactory.Instance);
    }

    /// <summary>Where UDP and TCP are listened on.</summary>
    public IPEndPoint Address => _stack.ListenPoints[0].Address;

    /// <summary>Starts one on a free port.</summary>
    public static async Task<TortureUas> StartAsync()
    {
        var uas = new TortureUas();
        await uas._stack.StartAsync();
        return uas;
    }

    public async ValueTask HandleAsync(SipServerExchange exchange)
    {
        var request = exchange.Request;
        if (_core.Check(request, exchange.IsMerged) is { } refusal) exchange.Respond(refusal);
        else if (request.MethodName == "OPTIONS") exchange.Respond(_core.AnswerOptions(request));
        else if (request.MethodName == "REGISTER") exchange.Respond(await _front.AnswerAsync(request, exchange.Peer, null));
        else exchange.Respond(202);
    }

    public async ValueTask DisposeAsync()
    {
        await _stack.DisposeAsync();
        _registrar.Dispose();
    }
}
