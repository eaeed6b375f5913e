using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Delivery;
using Sip.Stack.Tests.Transactions;

namespace Sip.Stack.Tests.Delivery;

/// <summary>The pooled transactions of the fan-out pass the matrix of the general machine.</summary>
public sealed class DeliverySlotsMatrixTests : NonInviteClientMatrix
{
    protected override INonInviteClientUnderTest Create() => new Subject();

    private sealed class Subject : INonInviteClientUnderTest, IDelivery
    {
        private readonly FakeTimeProvider _time = new();
        private readonly DeliverySlots _slots;
        private readonly List<string> _events = [];
        private DeliveryHandle _handle;

        internal Subject() => _slots = new DeliverySlots(
            new DeliverySlotsOptions { InFlightMax = 16, Shards = 1 }, DeliveryToken.CreateRandom(), _time);

        public void Start(bool isReliable)
        {
            Assert.True(_slots.TryStart(this, isReliable, out _handle));
            _events.Add("send");
        }

        public void Receive(int status)
        {
            var token = new byte[DeliveryToken.Length];
            _slots.WriteToken(_handle, token);
            Assert.True(_slots.TryHandle(Encoding.ASCII.GetBytes(
                $"SIP/2.0 {status} X\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKfan-{Encoding.ASCII.GetString(token)}\r\n"
                + "CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n")));
        }

        public void FailTransport()
        {
            if (_slots.TryCancel(_handle)) _events.Add("failed");
        }

        public void Advance(TimeSpan time) => _time.Advance(time);

        public IReadOnlyList<string> TakeEvents()
        {
            string[] taken = [.. _events];
            _events.Clear();
            return taken;
        }

        public void Resend(DeliveryHandle handle) => _events.Add("send");

        public void OnLate(DeliveryHandle handle)
        {
        }

        public void OnFinal(DeliveryHandle handle, int status, ReadOnlySpan<byte> response) =>
            _events.Add($"final {status}");

        public void OnTimeout(DeliveryHandle handle) => _events.Add("timeout");

        public void Dispose() => _slots.Dispose();
    }
}
