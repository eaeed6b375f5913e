using BenchmarkDotNet.Attributes;
using Sip.Stack.Delivery;

namespace Benchmarks.Sip;

/// <summary>A fan-out transaction without its socket: start, and the answer that ends it.</summary>
[MemoryDiagnoser]
public class DeliveryBenchmarks
{
    private readonly DeliverySlots _slots = new(
        new DeliverySlotsOptions(), DeliveryToken.CreateRandom(), TimeProvider.System);

    private readonly byte[] _response = SipData.Response("z9hG4bKfan-000000000000000000000000");
    private int _tokenAt;

    [GlobalSetup]
    public void Setup() => _tokenAt = _response.AsSpan().IndexOf(DeliveryToken.Prefix) + DeliveryToken.Prefix.Length;

    [GlobalCleanup]
    public void Cleanup() => _slots.Dispose();

    [Benchmark(Baseline = true, Description = "find status and token in a response")]
    public bool Scan() => DeliveryResponse.TryRead(_response, out _, out _);

    [Benchmark(Description = "start a transaction, write its token, match its response")]
    public bool StartAndFinish()
    {
        _slots.TryStart(Silent.Instance, false, out var handle);
        _slots.WriteToken(handle, _response.AsSpan(_tokenAt));
        return _slots.TryHandle(_response);
    }

    private sealed class Silent : IDelivery
    {
        internal static readonly Silent Instance = new();

        public void Resend(DeliveryHandle handle)
        {
        }

        public void OnLate(DeliveryHandle handle)
        {
        }

        public void OnFinal(DeliveryHandle handle, int status, ReadOnlySpan<byte> response)
        {
        }

        public void OnTimeout(DeliveryHandle handle)
        {
        }
    }

}
