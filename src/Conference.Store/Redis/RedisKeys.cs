using Conference.Protocol;
using StackExchange.Redis;

namespace Conference.Store.Redis;

/// <summary>The key layout, in full. <c>P</c> is <see cref="RedisStoreOptions.KeyPrefix"/>, <c>C</c> the canonical
/// conference URI.</summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>P{C}:head</c></term><description>hash: <c>epoch</c> (decimal, microseconds since 1970 by the server's
/// clock when taken, always growing), <c>revision</c> (last one; absent while there are no events, and then the key
/// expires)</description></item>
/// <item><term><c>P{C}:events</c></term><description>stream: entry id <c>revision-0</c>, fields in this order: <c>i</c>
/// event id (may be empty), <c>p</c> payload</description></item>
/// <item><term><c>P{C}:ids</c></term><description>set of all event ids that are not empty</description></item>
/// <item><term><c>P{C}:checkpoint</c></term><description>hash: <c>revision</c>, <c>payload</c></description></item>
/// <item><term><c>P{C}:cursors</c></term><description>hash: participant URI to revision</description></item>
/// <item><term><c>P{C}:wait</c>, <c>{Pblob:D}:wait</c></term><description>string, expires after a
/// minute: written before WAIT, only when replicas are waited for</description></item>
/// <item><term><c>Pconferences</c></term><description>sorted set, all scores 0: URIs in byte order. May hold URIs
/// without events for a moment, never the other way round for longer than an owner lives (see
/// <see cref="RedisConferenceStore"/>)</description></item>
/// <item><term><c>Pblob:D</c></term><description>string: content with digest D; expires</description></item>
/// <item><term><c>Pregistrations</c></term><description>hash: address-of-record to bindings as JSON
/// (<see cref="BindingsJson"/>)</description></item>
/// <item><term><c>Pprobe</c></term><description>string, expires after a minute: written by the readiness probe
/// </description></item>
/// </list>
/// The braces are the hash tag of Redis Cluster: all keys of one conference lie in one slot, so a script may touch
/// them together. A URI may itself hold a closing brace; the tag is then shorter, but the same for all its keys.
/// </remarks>
internal sealed class RedisKeys(string prefix)
{
    public RedisKey Conferences { get; } = prefix + "conferences";

    public RedisKey Registrations { get; } = prefix + "registrations";

    public RedisKey Probe { get; } = prefix + "probe";

    public RedisKey Blob(string digest) => $"{prefix}blob:{digest}";

    public RedisKey Head(ConferenceUri conference) => Of(conference, "head");

    public RedisKey Events(ConferenceUri conference) => Of(conference, "events");

    public RedisKey Ids(ConferenceUri conference) => Of(conference, "ids");

    public RedisKey Checkpoint(ConferenceUri conference) => Of(conference, "checkpoint");

    public RedisKey Cursors(ConferenceUri conference) => Of(conference, "cursors");

    /// <summary>Beside a conference's keys, so that it lies on the same server.</summary>
    public RedisKey Wait(ConferenceUri conference) => Of(conference, "wait");

    /// <summary>Beside a blob: the blob's whole key is the hash tag.</summary>
    public RedisKey Wait(string digest) => $"{{{prefix}blob:{digest}}}:wait";

    private RedisKey Of(ConferenceUri conference, string part) => $"{prefix}{{{conference.Value}}}:{part}";
}
