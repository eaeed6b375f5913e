using System.Collections.Concurrent;
using System.Security.Cryptography;
using Conference.Client;
using Sip.Stack.Authentication;
using Xunit;

namespace EndToEnd.BadInput;

/// <summary>The target in <c>Standalone</c> mode: digest authentication, members of the client library.</summary>
public sealed class StandaloneTarget : BadInputTarget
{
    // Far below the life of a nonce: credentials that a test uses by itself do not become stale on their way.
    private static readonly TimeSpan NonceUse = TimeSpan.FromMinutes(2);

    // A client of its own for each socket and user: its counts rise, and several sockets may be used at a time.
    private readonly ConcurrentDictionary<(RawSip, int), (DigestClient Digest, long Since)> _digests = [];
    private readonly string[] _options;
    private ConferenceClient _alice = null!;
    private ConferenceClient _bob = null!;
    private ConferenceSession _chair = null!;
    private ConferenceSession _witness = null!;

    /// <summary>For the tests that share one.</summary>
    public StandaloneTarget()
        : this([])
    {
    }

    internal StandaloneTarget(string[] options) => _options = options;

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await _alice.DisposeAsync();
        await _bob.DisposeAsync();
        await base.DisposeAsync();
    }

    internal override async Task<RawReply> SendOnceAsync(RawSip raw, int user, RawMessage message)
    {
        var credentials = await CredentialsAsync(raw, user, message.Target);
        return await raw.AskAsync((message with { MoreHeaders = credentials + message.MoreHeaders }).Text(raw));
    }

    internal override async Task<string> CredentialsAsync(RawSip raw, int user, string target)
    {
        if (_digests.TryGetValue((raw, user), out var used) && TimeProvider.System.GetElapsedTime(used.Since) < NonceUse
            && used.Digest.Preempt("MESSAGE", target) is { } known)
            return $"Authorization: {known}\r\n";
        var digest = new DigestClient($"user{user}", ServerUnderTest.Password, RandomNumberGenerator.Fill);
        var challenges = await ChallengesAsync(raw, user, target);
        Assert.Equal(DigestClientOutcome.Answered, digest.Answer(challenges, "MESSAGE", target, false, out var value));
        _digests[(raw, user)] = (digest, TimeProvider.System.GetTimestamp());
        return $"Authorization: {value}\r\n";
    }

    /// <summary>What a request without credentials is answered.</summary>
    internal async Task<IReadOnlyList<string>> ChallengesAsync(RawSip raw, int user, string target)
    {
        var reply = await raw.AskAsync(new RawMessage { Target = target, From = User(user) }.Text(raw));
        Assert.Equal(401, reply.Status);
        return reply.Values("WWW-Authenticate");
    }

    internal override async Task AssertOthersAreServedAsync()
    {
        var there = (await _chair.SayAsync("still here")).OrThrow();
        await _witness.WaitForRevisionAsync(there.Revision, RawSip.Patience);
        var back = (await _witness.SayAsync("here too")).OrThrow();
        await _chair.WaitForRevisionAsync(back.Revision, RawSip.Patience);
        Assert.Equal(0, _chair.Counters.Gaps + _witness.Counters.Gaps);
        Assert.Equal(0, _chair.Counters.BoardsDiffered + _witness.Counters.BoardsDiffered);
    }

    private protected override Task<ServerUnderTest> StartAsync() =>
        ServerUnderTest.StartAsync(["--Standalone:FailuresPerSourceMax=10000", .. _options]);

    private protected override async Task PrepareAsync()
    {
        _alice = await Server.RegisteredAsync(Chair);
        _bob = await Server.RegisteredAsync(Witness);
        _chair = await _alice.CreateAsync("Attacked", Members());
        Conference = _chair.Uri;
        (await _chair.ShareAsync(TestDocument.Of("doc", 3), pagesNow: 1)).OrThrow();
        _witness = await _bob.JoinAsync(_chair.Uri);
    }
}
