using System.Globalization;
using System.Text;
using Xunit;

namespace EndToEnd.BadInput;

/// <summary>Messages whose head, length or size is wrong, in both modes.</summary>
public abstract class FramingTests(BadInputTarget target)
{
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task ContentLength_TooSmall_CutsTheBody_WhichIsRefused400(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var message = await SayAsync(raw) with { ContentLength = "60" };
        var before = await target.Metrics.RefusedAsync();

        var reply = await raw.AskAsync(message.Text(raw));

        Assert.Equal((400, "The body is not well-formed XML"), (reply.Status, reply.Reason));
        Assert.Equal("reason=\"body_not_well_formed\" 1", await target.Metrics.RefusedSinceAsync(before));
        if (!raw.IsUdp) await AssertNextIsSpoiltAsync(raw); // what was left over stands before it
        await target.AssertOthersAreServedAsync();
    }

    [Fact]
    public async Task ContentLength_TooLarge_OverUdp_IsRefused400()
    {
        using var raw = await RawSip.OpenAsync("udp", target.Server.Sip);
        var message = await SayAsync(raw) with { ContentLength = "5000" };
        var before = await target.Metrics.RefusedAsync();

        var reply = await raw.AskAsync(message.Text(raw));

        Assert.Equal((400, "Body Shorter Than Content-Length"), (reply.Status, reply.Reason));
        Assert.Equal(
            "transport=\"udp\",reason=\"body_too_short\" 1", await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    [Fact]
    public async Task ContentLength_TooLarge_OverTcp_TakesFromTheNextMessage_AndIsRefused400()
    {
        using var raw = await RawSip.OpenAsync("tcp", target.Server.Sip);
        var message = await SayAsync(raw);
        var length = Encoding.UTF8.GetByteCount(message.Body) + 40;
        var next = (await SayAsync(raw)).Text(raw);
        var before = await target.Metrics.RefusedAsync();

        await raw.SendAsync((message with { ContentLength = $"{length}" }).Text(raw) + next[..40]);
        var reply = await raw.ReplyAsync();

        Assert.Equal((400, "The body is not well-formed XML"), (reply.Status, reply.Reason));
        Assert.Equal("reason=\"body_not_well_formed\" 1", await target.Metrics.RefusedSinceAsync(before));
        before = await target.Metrics.RefusedAsync();
        var spoilt = await raw.AskAsync(next[40..]);
        Assert.Equal((400, "Bad Start Line"), (spoilt.Status, spoilt.Reason));
        Assert.Equal(
            "transport=\"tcp\",reason=\"bad_start_line\" 1", await target.Metrics.RefusedSinceAsync(before));
        var last = await target.SendAsync(raw, BadInputTarget.Attacker, BadBodies.Request("<say>x</say>"));
        Assert.Equal(202, last.Status); // in step again
        await target.AssertOthersAreServedAsync();
    }

    [Theory]
    [InlineData("udp", "-1", "bad_content_length", "Bad Content-Length")]
    [InlineData("tcp", "-1", "bad_content_length", "Bad Content-Length")]
    [InlineData("udp", "99999999999999999999", "body_too_short", "Body Shorter Than Content-Length")]
    [InlineData("tcp", "ten", "bad_content_length", "Bad Content-Length")]
    [InlineData("udp", "1\r\nContent-Length: 2", "repeated_content_length", "Repeated Content-Length")]
    [InlineData("tcp", "1\r\nContent-Length: 2", "repeated_content_length", "Repeated Content-Length")]
    [InlineData("tcp", "", "missing_content_length", "Missing Content-Length")]
    public async Task ContentLength_ThatIsNone_IsRefused400(string transport, string value, string label, string reason)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var message = await SayAsync(raw) with { ContentLength = value };

        await AssertMalformedAsync(raw, message, 400, label, reason);
    }

    [Theory]
    [InlineData("udp", "\"Al\rice\" <sip:user3@conference.example>;tag=x", "bad_line_end")]
    [InlineData("tcp", "\"Al\nice\" <sip:user3@conference.example>;tag=x", "bad_line_end")]
    [InlineData("udp", "\"Al\r\nice\" <sip:user3@conference.example>;tag=x", "bad_header_line")]
    [InlineData("tcp", "\"Al\r\nice\" <sip:user3@conference.example>;tag=x", "bad_header_line")]
    [InlineData("udp", "\"Al\0ice\" <sip:user3@conference.example>;tag=x", "bad_character")]
    [InlineData("tcp", "\"Al\r\nFrom: <sip:user1@conference.example>;tag=y", "repeated_from")]
    public async Task Name_WithALineEnd_IsRefused400(string transport, string from, string label)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var message = await SayAsync(raw) with { FromValue = from };

        await AssertMalformedAsync(raw, message, 400, label, string.Empty);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Head_WithTooManyHeaders_IsRefused513(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var message = await SayAsync(raw);
        var many = string.Concat(Enumerable.Repeat("X-More: 1\r\n", 2_000));

        await AssertMalformedAsync(
            raw, message with { MoreHeaders = message.MoreHeaders + many }, 513, "too_many_headers", "Too Many Header");
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Head_OfTooManyBytes_IsRefused513(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var message = await SayAsync(raw);
        var large = $"X-Large: {new string('x', 40_000)}\r\n";

        await AssertMalformedAsync(
            raw, message with { MoreHeaders = message.MoreHeaders + large }, 513, "head_too_large", "Header Section");
    }

    [Fact]
    public async Task Message_Of20Megabytes_IsRefused513_AndItsStreamClosed()
    {
        using var raw = await RawSip.OpenAsync("tcp", target.Server.Sip);
        var message = await SayAsync(raw) with { Body = new string(' ', 20_000_000) };

        await AssertTooLargeAsync(raw, message);
    }

    [Fact]
    public async Task Message_WithAMillionAttributes_IsRefused513()
    {
        using var raw = await RawSip.OpenAsync("tcp", target.Server.Sip);
        var body = BadBodies.Request($"<say {BadBodies.Attributes(1_000_000)}>x</say>");

        await AssertTooLargeAsync(raw, await SayAsync(raw) with { Body = body });
    }

    [Theory]
    [InlineData(90_000, 400, "body_too_many_attributes", "Too many attributes on one element")]
    [InlineData(98_000, 413, "sip_body_too_large", "Request Entity Too Large")]
    public async Task Body_WithAsManyAttributesAsFit_IsRefused(int count, int status, string label, string reason)
    {
        using var raw = await RawSip.OpenAsync("tcp", target.Server.Sip);
        var filler = new string(' ', count == 98_000 ? 1_010_000 - 970_000 : 0);
        var body = BadBodies.Request($"<say {BadBodies.Attributes(count)}{filler}>x</say>");
        var message = await SayAsync(raw) with { Body = body };
        var before = await target.Metrics.RefusedAsync();

        var reply = await raw.AskAsync(message.Text(raw));

        Assert.Equal((status, reason), (reply.Status, reply.Reason));
        Assert.Equal($"reason=\"{label}\" 1", await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    private async Task AssertNextIsSpoiltAsync(RawSip raw)
    {
        var next = (await SayAsync(raw)).Text(raw);
        var before = await target.Metrics.RefusedAsync();

        var reply = await raw.AskAsync(next);

        Assert.Equal((400, "Bad Start Line"), (reply.Status, reply.Reason));
        Assert.Equal(
            "transport=\"tcp\",reason=\"bad_start_line\" 1", await target.Metrics.RefusedSinceAsync(before));
    }

    // The refusal may be sent while the rest of the message is still on its way.
    private async Task AssertTooLargeAsync(RawSip raw, RawMessage message)
    {
        var before = await target.Metrics.RefusedAsync();
        var sending = SendWholeAsync(raw, message.Text(raw));

        var reply = await raw.ReplyAsync();
        await raw.ClosedAsync();
        await sending;

        Assert.Equal((513, "Message Too Large"), (reply.Status, reply.Reason));
        Assert.Equal(
            "transport=\"tcp\",reason=\"message_too_large\" 1", await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    private static async Task SendWholeAsync(RawSip raw, string text)
    {
        try
        {
            await raw.SendAsync(text);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The server has closed the stream meanwhile.
        }
    }

    private async Task AssertMalformedAsync(
        RawSip raw, RawMessage message, int status, string label, string reason)
    {
        var before = await target.Metrics.RefusedAsync();

        var reply = await raw.AskAsync(message.Text(raw));

        Assert.Equal(status, reply.Status);
        Assert.StartsWith(reason, reply.Reason, StringComparison.Ordinal);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"transport=\"{raw.Transport}\",reason=\"{label}\" 1"),
            await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    private async Task<RawMessage> SayAsync(RawSip raw) => new()
    {
        Target = target.Conference.Value,
        From = target.User(BadInputTarget.Attacker),
        Body = BadBodies.Request("<say>x</say>"),
        MoreHeaders = await target.CredentialsAsync(raw, BadInputTarget.Attacker, target.Conference.Value),
    };
}

[Collection(StandaloneAttacks.Name)]
public sealed class StandaloneFramingTests(StandaloneTarget target) : FramingTests(target);

[Collection(ImsAttacks.Name)]
public sealed class ImsFramingTests(ImsTarget target) : FramingTests(target);
