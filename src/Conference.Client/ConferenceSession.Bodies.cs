using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Conference.Client;

/// <content>Bodies by reference (R7): fetched, checked, then taken as if they had come in the message.</content>
public sealed partial class ConferenceSession
{
    // Guarded by _gate.
    private int _bodyFetches;

    /// <summary>Takes one message of the server, after fetching its body where it is only a reference. Applied when
    /// this has ended with <see cref="TakeOutcome.Taken"/>, so that the 200 may leave.</summary>
    internal async ValueTask<TakeOutcome> TakeAsync(ServerMessage message)
    {
        if (message is not BodyReference reference) return Take(message);
        lock (_gate)
        {
            if (_isClosed) return TakeOutcome.Closed;
            if (_bodyFetches >= _options.BodyFetchesMax) return TakeOutcome.TooManyFetches;
            _bodyFetches++;
        }

        byte[]? body = null;
        try
        {
            body = await FetchAsync(reference).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _bodyFetches--;
                if (body is null) Counters.BadBodies++;
                else Counters.BodiesFetched++;
            }
        }

        return body is null ? TakeOutcome.NotFetched : TakeBody(reference, body);
    }

    /// <summary>The body as announced; null when it is not to be had in time, or is another one.</summary>
    private async Task<byte[]?> FetchAsync(BodyReference reference)
    {
        // The reader's limit again: what is read must not depend on who made the record.
        if (reference.BodyBytes > _options.Limits.BodyBytesMax) return null;
        using var late = new CancellationTokenSource(_options.BodyFetchTimeout, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _closing.Token);
        try
        {
            var body = await _download.ReadAsync(reference.Href, reference.BodyBytes, ending.Token)
                .ConfigureAwait(false);
            return body?.Length == reference.BodyBytes && ContentDigest.OfHex(body) == reference.Digest ? body : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private TakeOutcome TakeBody(BodyReference reference, byte[] body)
    {
        var outcome = ServerMessageReader.TryRead(body, _options.Limits, out var message, out _);
        // No reference inside a reference: one fetch per message.
        if (outcome != ReadOutcome.Ok || message is BodyReference || message!.Conference != reference.Conference)
        {
            return TakeOutcome.NotValid;
        }

        return Take(message);
    }
}
