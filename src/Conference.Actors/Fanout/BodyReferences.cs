using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Conference.Actors.Fanout;

/// <summary>Turns bodies that are too large for a path into references (R7): one event or one part of a snapshot cannot
/// be cut any further, and a UDP path without a stream beside it carries less than 1,300 bytes.</summary>
/// <remarks>The body is stored once as a blob; each participant gets a reference with a token of its own.</remarks>
internal sealed class BodyReferences(ConferenceFanout conference)
{
    // Who is that far behind a path needs the newest bodies; older ones are stored again if somebody still asks.
    private const int StoredMax = 256;

    private readonly Lock _lock = new();
    private readonly ConditionalWeakTable<EncodedBody, string> _digests = [];
    private readonly HashSet<string> _stored = [];
    private readonly HashSet<string> _storing = [];

    /// <summary>The reference for one participant.</summary>
    /// <param name="body">What is too large.</param>
    /// <param name="participant">Who may fetch it.</param>
    /// <param name="reference">What to send instead, when it is ready.</param>
    /// <returns><see cref="PageContentState.Loading"/> while the blob is being stored: then everybody is kicked.
    /// </returns>
    internal PageContentState Get(EncodedBody body, ParticipantUri participant, out EncodedBody? reference)
    {
        reference = null;
        var digest = _digests.GetValue(body, static b => Convert.ToHexStringLower(SHA256.HashData(b.Bytes.Span)));
        lock (_lock)
        {
            if (!_stored.Contains(digest))
            {
                if (_storing.Add(digest)) conference.Engine.Background(() => StoreAsync(digest, body));
                return PageContentState.Loading;
            }
        }

        if (conference.Engine.References.Make(participant, digest, body.ContentType, null) is not { } made)
            return PageContentState.NotToBeHad;
        var message = new BodyReference(conference.Uri, made.Href, made.Expires, body.Bytes.Length, digest);
        reference = new EncodedBody(MediaTypes.ConferenceXml, ServerMessageWriter.Write(message));
        FanoutMetrics.BodiesByReference.Inc();
        return PageContentState.Ready;
    }

    private async Task StoreAsync(string digest, EncodedBody body)
    {
        var isStored = false;
        try
        {
            await conference.Engine.Blobs.PutAsync(
                digest, body.Bytes, conference.Options.BodyReferenceLifetime, CancellationToken.None);
            isStored = true;
        }
        catch (Exception failure)
        {
            if (failure is not StoreUnavailableException) conference.Engine.NotePageFailed(digest, failure);
            await Task.Delay(conference.Options.RetryFirst, conference.Engine.Time);
        }

        lock (_lock)
        {
            _storing.Remove(digest);
            if (_stored.Count >= StoredMax) _stored.Clear();
            if (isStored) _stored.Add(digest);
        }

        conference.Engine.Schedule(conference);
    }
}
