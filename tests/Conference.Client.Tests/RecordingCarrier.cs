using System.Threading.Channels;
using Conference.Client.Requests;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Client.Tests;

/// <summary>Keeps the requests of a session and answers them as the test says.</summary>
internal sealed class RecordingCarrier(Func<ConferenceRequest, CarrierAnswer>? answer = null) : IRequestCarrier
{
    private readonly Channel<ConferenceRequest> _sent = Channel.CreateUnbounded<ConferenceRequest>();

    internal ChannelReader<ConferenceRequest> Sent => _sent.Reader;

    /// <summary>The next request, waited for.</summary>
    internal async Task<RequestAction> NextAsync() =>
        (await _sent.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1))).Action;

    public Task<CarrierAnswer> SendAsync(string uri, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        Assert.Equal(ReadOutcome.Ok, RequestReader.TryRead(body, ProtocolLimits.Default, out var request, out _));
        _sent.Writer.TryWrite(request!);
        return Task.FromResult(answer?.Invoke(request!) ?? new CarrierAnswer(202, "Accepted", null, 2));
    }
}
