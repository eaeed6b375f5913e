using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using AppServer.Configuration;
using AppServer.Tests.Fakes;
using Conference.Protocol;
using Xunit;

namespace AppServer.Tests.Downloads;

public sealed class DownloadEndpointsTests
{
    private static readonly ParticipantUri Alice = ParticipantUri.Parse("sip:alice@conf.example");
    private static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Content));

    [Fact]
    public async Task Get_ByReference_GivesTheContent_ProtectedAndCacheable()
    {
        await using var rig = await StartAsync();
        var reference = rig.Links.Make(Alice, Digest, "image/png", "../my page.png")!;
        Assert.StartsWith("https://conf.example/files/", reference.Href, StringComparison.Ordinal);
        Assert.Equal(rig.Time.GetUtcNow().AddHours(24), reference.Expires);

        var response = await rig.Client(ProbeListener.Http).GetAsync(new Uri(reference.Href));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Content, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("_my_page.png", response.Content.Headers.ContentDisposition.FileName);
        Assert.Equal($"\"{Digest}\"", response.Headers.ETag!.Tag);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Get_WithRange_GivesThePart()
    {
        await using var rig = await StartAsync();
        var href = rig.Links.Make(Alice, Digest, "image/png", null)!.Href;
        using var request = new HttpRequestMessage(HttpMethod.Get, href);
        request.Headers.Range = new RangeHeaderValue(10, 19);
        var response = await rig.Client(ProbeListener.Http).SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(Content[10..20], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_WithMatchingTag_GivesNotModified()
    {
        await using var rig = await StartAsync();
        var href = rig.Links.Make(Alice, Digest, "image/png", null)!.Href;
        using var request = new HttpRequestMessage(HttpMethod.Get, href);
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{Digest}\""));
        var response = await rig.Client(ProbeListener.Http).SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Fact]
    public async Task Get_RefusedForEveryReason_HasItsStatus()
    {
        await using var rig = await StartAsync();
        var client = rig.Client(ProbeListener.Http);
        var href = rig.Links.Make(Alice, Digest, "image/png", null)!.Href;
        foreach (var path in (string[])["/files/nonsense", "/files/", "/"])
        {
            var nothing = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        }

        var changed = href[..^1] + (href[^1] == 'A' ? 'B' : 'A');
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri(changed))).StatusCode);
        var gone = rig.Links.Make(Alice, new string('0', 64), "image/png", null)!.Href;
        Assert.Equal(HttpStatusCode.Gone, (await client.GetAsync(new Uri(gone))).StatusCode);
        rig.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(HttpStatusCode.Gone, (await client.GetAsync(new Uri(href))).StatusCode);
    }

    [Fact]
    public async Task Make_WhenDownloadsAreOff_GivesNoReference()
    {
        await using var rig = await HttpRig.StartAsync(
            options: new AppServerOptions { Downloads = new DownloadOptions { Enabled = false } });
        Assert.Null(rig.Links.Make(Alice, Digest, "image/png", null));
    }

    [Fact]
    public async Task Schema_IsServed_OnTheListenerForParticipantsOnly()
    {
        await using var rig = await StartAsync();
        var path = new Uri("/schemas/conference-1.xsd", UriKind.Relative);
        var schema = await rig.Client(ProbeListener.Http).GetStringAsync(path);
        Assert.Contains("targetNamespace", schema, StringComparison.Ordinal);
        var onAdmin = await rig.Client(ProbeListener.Admin).GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, onAdmin.StatusCode);
    }

    private static async Task<HttpRig> StartAsync()
    {
        var rig = await HttpRig.StartAsync();
        await rig.Blobs.PutAsync(Digest, Content, TimeSpan.FromDays(30), CancellationToken.None);
        return rig;
    }
}
