using System.Text;
using Xunit;

namespace EndToEnd.BadInput;

/// <summary>Too much of everything: the server stays, nothing is lost for the others.</summary>
[Collection(StandaloneAttacks.Name)]
public sealed class FloodTests(StandaloneTarget target)
{
    private const string LoopFaults = "conference_as_sip_loop_faults_total{loop=\"udp\"}";

    [Fact]
    public async Task Datagrams_OfGarbage_EndNothing()
    {
        using var raw = await RawSip.OpenAsync("udp", target.Server.Sip);
        var random = new Random(1);
        var proper = Encoding.UTF8.GetBytes(Message(raw, "conf-nothing").Text(raw));
        var garbage = new byte[1_400];
        for (var number = 0; number < 20_000; number++)
        {
            random.NextBytes(garbage);
            if (number % 3 == 0) proper.AsSpan(0, random.Next(proper.Length)).CopyTo(garbage); // cut, then noise
            if (number % 3 == 1) "SIP/2.0 200 OK\r\nVia: "u8.CopyTo(garbage); // responses to nothing
            await raw.SendAsync(garbage.AsMemory(0, random.Next(1, garbage.Length)));
        }

        await target.AssertOthersAreServedAsync();
        Assert.Equal(0, await target.Metrics.ValueAsync(LoopFaults));
    }

    [Fact]
    public async Task Message_WithAnyByteChanged_EndsNothing()
    {
        using var raw = await RawSip.OpenAsync("udp", target.Server.Sip);
        var credentials = await target.CredentialsAsync(raw, BadInputTarget.Attacker, target.Conference.Value);
        var random = new Random(2);
        for (var number = 0; number < 5_000; number++)
        {
            var message = Message(raw, target.Conference.Value) with { MoreHeaders = credentials };
            var bytes = Encoding.UTF8.GetBytes(message.Text(raw));
            for (var change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            await raw.SendAsync(bytes);
        }

        await target.AssertOthersAreServedAsync();
        Assert.Equal(0, await target.Metrics.ValueAsync(LoopFaults));
        Assert.Equal(0, await target.Metrics.ValueAsync("conference_as_sip_handler_faults_total"));
        Assert.Equal(0, await target.Metrics.ValueAsync("conference_as_refusals_total{reason=\"internal_error\"}"));
    }

    [Fact]
    public async Task Responses_Forged_ConfirmNothing()
    {
        const string Forged = "conference_as_delivery_responses_dropped_total{reason=\"forged\"}";
        using var raw = await RawSip.OpenAsync("udp", target.Server.Sip);
        var before = await target.Metrics.ValueAsync(Forged);
        var random = new Random(3);
        for (var number = 0; number < 5_000; number++)
        {
            var token = $"{random.Next(64):x8}{random.Next(64):x8}{random.Next():x8}";
            await raw.SendAsync($"SIP/2.0 {random.Next(100, 700)} x\r\n"
                + $"Via: SIP/2.0/UDP {target.Server.Sip};branch=z9hG4bKfan-{token}\r\n"
                + "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 MESSAGE\r\n\r\n");
        }

        await target.AssertOthersAreServedAsync();
        Assert.True(await target.Metrics.ValueAsync(Forged) > before);
        Assert.Equal(0, await target.Metrics.ValueAsync(LoopFaults));
    }

    [Fact]
    public async Task Streams_HalfOpen_TakeNothingFromTheOthers()
    {
        var streams = new List<RawSip>();
        for (var number = 0; number < 500; number++)
        {
            var raw = await RawSip.OpenAsync("tcp", target.Server.Sip);
            streams.Add(raw);
            var text = Message(raw, "conf-slow").Text(raw);
            await raw.SendAsync(text[..(number % text.Length)]);
        }

        await target.AssertOthersAreServedAsync();
        Assert.True(await target.Metrics.ValueAsync("conference_as_sip_unfinished_bytes") > 0);
        foreach (var raw in streams) raw.Dispose();
        await target.Metrics.FallsToAsync("conference_as_sip_unfinished_bytes", 0);
        await target.AssertOthersAreServedAsync();
    }

    [Fact]
    public async Task Conferences_MadeUp_AreRefused404_AndHoldNoMemory()
    {
        // Over many streams at a time: each asks the store, which may have a slow disk.
        var statuses = await Task.WhenAll(Enumerable.Range(0, 30).Select(async stream =>
        {
            using var raw = await RawSip.OpenAsync("tcp", target.Server.Sip);
            var statuses = new List<int>();
            for (var number = 0; number < 100; number++)
            {
                // Who floods is told to come later while the server is slow.
                var address = $"sip:conf-made-up-{stream}-{number}@{target.Server.Domain}";
                var status = await SendMadeUpAsync(raw, address);
                while (status is 480 or 503)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100));
                    status = await SendMadeUpAsync(raw, address);
                }

                statuses.Add(status);
            }

            return statuses;
        }));

        Assert.All(statuses.SelectMany(each => each), status => Assert.Equal(404, status));
        await target.AssertOthersAreServedAsync();
        await target.Metrics.FallsToAsync("conference_as_focus_conferences_active", 1);
    }

    [Fact]
    public async Task Pointers_TenThousandOfOneMember_SlowNobodyDown()
    {
        using var raw = await RawSip.OpenAsync("tcp", target.Server.Sip);
        var sending = SendPointersAsync(raw, 10_000);

        for (var round = 0; round < 3; round++) await target.AssertOthersAreServedAsync();
        var statuses = await sending;

        await target.AssertOthersAreServedAsync();
        Assert.Equal([202, 480], statuses.Distinct().Order());
    }

    private async Task<int> SendMadeUpAsync(RawSip raw, string address) =>
        (await target.SendAsync(raw, BadInputTarget.Stranger, BadBodies.Request("<say>x</say>"), address)).Status;

    private async Task<List<int>> SendPointersAsync(RawSip raw, int count)
    {
        var statuses = new List<int>(count);
        for (var number = 0; number < count; number++)
        {
            statuses.Add((await target.SendAsync(raw, BadInputTarget.Attacker, BadBodies.Request(
                $"""<move-pointer document="doc" page="1" point="{number},{number}"/>"""))).Status);
        }

        return statuses;
    }

    private RawMessage Message(RawSip raw, string to) => new()
    {
        Target = to,
        From = target.User(BadInputTarget.Attacker),
        Body = BadBodies.Request($"<say>{raw.Port}</say>"),
    };
}
