using Sip.Stack.Tests.Messages;

namespace Sip.Stack.Tests.Torture;

/// <summary>RFC 4475 against a whole stack on loopback, with what the index of the set allows and forbids.</summary>
/// <remarks>
/// Each message meets a server of its own, because some of them share a transaction key. Answers without rport go to
/// the sent-by port, so the client is bound to that port on a loopback address of its own.
/// </remarks>
public sealed class TortureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Not for streams: they cannot be framed there, or are two messages (trap 6 of the set).</summary>
    private static readonly HashSet<string> DatagramOnly = ["dblreq", "baddn", "inv2543", "clerr"];

    public static TheoryData<string> All() =>
        TortureFolder.Path is null ? ["(no torture folder)"] : [.. TortureFolder.Messages.Select(one => one.Name)];

    public static TheoryData<string> ForStreams() =>
        TortureFolder.Path is null
            ? ["(no torture folder)"]
            : [.. TortureFolder.Messages.Select(one => one.Name).Where(name => !DatagramOnly.Contains(name))];

    [SkippableTortureTheory]
    [MemberData(nameof(All))]
    public async Task TortureMessage_OverUdp_IsAnsweredAsTheIndexSays(string name)
    {
        var message = TortureFolder.Messages.Single(one => one.Name == name);
        await using var uas = await TortureUas.StartAsync();
        using var probe = new UdpProbe(message.ResponsePort ?? 0);

        probe.Send(message.Bytes, uas.Address);

        if (MayBeDropped(message))
        {
            // One socket, one queue: once the OPTIONS is answered, an answer to the message would be there.
            await PlainOptions.AssertAnsweredAsync(uas.Address);
            if (!message.Respond.Contains("400")) Assert.False(probe.HasMore);
            return;
        }

        AssertAllowed(message, await probe.ReceiveFinalAsync(Patience));
        await PlainOptions.AssertAnsweredAsync(uas.Address);
    }

    [SkippableTortureTheory]
    [MemberData(nameof(ForStreams))]
    public Task TortureMessage_OverTcp_IsAnsweredAsTheIndexSays(string name) =>
        OverTcpAsync(name, (probe, message, options) =>
        {
            probe.Send(message);
            probe.SendByteByByte(options); // in segments of its own, and forgiving when the stream has ended
        });

    [SkippableTortureTheory]
    [MemberData(nameof(ForStreams))]
    public Task TortureMessage_OverTcpByteByByte_IsAnsweredAsTheIndexSays(string name) =>
        OverTcpAsync(name, (probe, message, options) => probe.SendByteByByte([.. message, .. options]));

    [SkippableTortureTheory]
    [MemberData(nameof(ForStreams))]
    public Task TortureMessage_OverTcpGluedToAnother_IsAnsweredAsTheIndexSays(string name) =>
        OverTcpAsync(name, (probe, message, options) => probe.Send([.. message, .. options]));

    /// <summary>
    /// The message and a plain OPTIONS on one stream; a lost framing may end the stream, never the server.
    /// </summary>
    private static async Task OverTcpAsync(string name, Action<TcpProbe, byte[], byte[]> send)
    {
        var message = TortureFolder.Messages.Single(one => one.Name == name);
        await using var uas = await TortureUas.StartAsync();
        using var probe = new TcpProbe(uas.Address);
        var (options, callId) = PlainOptions.New("TCP", 5060);

        send(probe, message.Bytes, options);

        var finals = await probe.ReceiveFinalsAsync(callId, Patience);
        var toMessage = finals.Where(response => response.CallId != callId).ToList();
        var toOptions = finals.SingleOrDefault(response => response.CallId == callId);
        if (!message.IsRequest) Assert.Empty(toMessage);
        else if (!message.Respond.Contains("drop")) AssertAllowed(message, Assert.Single(toMessage));
        Assert.All(toMessage, response => Assert.DoesNotContain(response.Status, message.Forbid));

        // Where Content-Length cannot be believed the stream must end (RFC 3261 18.3); elsewhere it must go on.
        var isFramed = message.Name is not ("ncl" or "mcl01" or "test");
        if (isFramed) Assert.Equal(200, Assert.IsType<ProbeResponse>(toOptions).Status);
        await PlainOptions.AssertAnsweredAsync(uas.Address);
    }

    private static bool MayBeDropped(TortureMessage message) => message.Respond.Contains("drop");

    private static void AssertAllowed(TortureMessage message, ProbeResponse response)
    {
        Assert.DoesNotContain(response.Status, message.Forbid);
        if (!message.Respond.Contains("accept")) Assert.Contains(response.Status.ToString(), message.Respond);
        if (response.Status == 405) Assert.NotNull(response["Allow"]);
        if (response.Status == 415) Assert.NotNull(response["Accept"]);
        if (response.Status == 420) Assert.NotNull(response["Unsupported"]);
        Assert.NotEmpty(response.Reason);
    }
}
