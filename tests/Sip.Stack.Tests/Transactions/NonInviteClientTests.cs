using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transactions;

/// <summary>The general client transaction, through its table, passes the matrix.</summary>
public sealed class NonInviteClientTests : NonInviteClientMatrix
{
    protected override INonInviteClientUnderTest Create() => new Subject();

    private sealed class Subject : INonInviteClientUnderTest
    {
        private readonly TableHarness _table = new();
        private Task<SipClientResult>? _result;
        private SipTransportKind _transport;
        private int _sendsTaken;
        private bool _isResultTaken;

        public void Start(bool isReliable)
        {
            _transport = isReliable ? SipTransportKind.Tcp : SipTransportKind.Udp;
            _result = _table.Send(transport: _transport);
        }

        public void Receive(int status) => _table.ReceiveResponse(status, transport: _transport);

        public void FailTransport() => _table.Table.Clients.FailAll();

        public void Advance(TimeSpan time) => _table.Time.Advance(time);

        public IReadOnlyList<string> TakeEvents()
        {
            var events = new List<string>();
            for (; _sendsTaken < _table.Wire.Count; _sendsTaken++) events.Add("send");

            if (_isResultTaken || !_result!.IsCompleted) return events;
            _isResultTaken = true;
            var result = _result.Result;
            events.Add(result.Failure switch
            {
                SipClientFailure.None => $"final {result.Response!.StatusCode}",
                SipClientFailure.Timeout => "timeout",
                _ => "failed",
            });
            return events;
        }

        public void Dispose() => _table.Dispose();
    }
}
