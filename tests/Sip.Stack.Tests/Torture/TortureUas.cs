using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack.Core;
using Sip.Stack.Messages;
using Sip.Stack.Registration;
using Sip.Stack.Transport;
using Tests.Shared;

namespace Sip.Stack.Tests.Torture;

/// <summary>A small server on loopback: inspection, OPTIONS, a registrar, and MESSAGE taken with 202.</summary>
internal sealed class TortureUas : ISipRequestHandler, IAsyncDisposable
{
    private readonly UasCore _core = new(new UasCapabilities());
    private readonly Registrar _registrar;
    private readonly SipStack _stack;

    private TortureUas()
    {
        _registrar = new Registrar(new RegistrarOptions(), null, TimeProvider.System, NullLogger<Registrar>.Instance);
        var options = new SipStackOptions
        {
            Transport = new SipTransportOptions
            {
                Endpoints = [new SipListenEndpoint { Port = 0 }],
                SystemCalls = SystemCallsUnderTest.Chosen,
            },
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
        else if (request.Method == SipMethod.Options) exchange.Respond(_core.AnswerOptions(request));
        else if (request.Method == SipMethod.Register) await RegisterAsync(exchange);
        else exchange.Respond(202);
    }

    private async Task RegisterAsync(SipServerExchange exchange)
    {
        var request = exchange.Request;
        if (!AddressOfRecord.TryGet(request.To?.Uri, out var addressOfRecord)
            || !RegisterRequests.TryRead(request, exchange.Peer, out var command))
        {
            exchange.Respond(400, RegisterOutcomes.Describe(RegisterOutcome.NotAnAddressOfRecord).Reason);
            return;
        }

        var step = await _registrar.RegisterAsync(addressOfRecord, command);
        exchange.Respond(
            RegisterResponses.Build(request, command, step, _registrar.Options, TimeProvider.System.GetUtcNow()));
    }

    public async ValueTask DisposeAsync()
    {
        await _stack.DisposeAsync();
        _registrar.Dispose();
    }
}
