using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AppServer.Configuration;
using AppServer.Tests.Fakes;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Xunit;

namespace AppServer.Tests.Admin;

public sealed class AdminEndpointsTests
{
    private const string Token = "0123456789abcdef";

    private static readonly Uri Root = new("/admin/v1/conferences", UriKind.Relative);

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("0123456789abcdeX", HttpStatusCode.Unauthorized)]
    [InlineData("", HttpStatusCode.Unauthorized)]
    [InlineData(Token, HttpStatusCode.OK)]
    public async Task AnyPath_AsksForTheToken(string? token, HttpStatusCode status)
    {
        await using var rig = await HttpRig.StartAsync(Token);
        var response = await rig.Client(ProbeListener.Admin, token).GetAsync(Root);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count > 0);
    }

    [Fact]
    public async Task AdminApi_IsNotOnTheListenerForParticipants()
    {
        await using var rig = await HttpRig.StartAsync(Token);
        var response = await rig.Client(ProbeListener.Http, Token).GetAsync(Root);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task WithoutToken_AWebPageCannotCall()
    {
        await using var rig = await HttpRig.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await rig.Client(ProbeListener.Admin).GetAsync(Root)).StatusCode);
        var withOrigin = rig.Client(ProbeListener.Admin);
        withOrigin.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await withOrigin.GetAsync(Root)).StatusCode);
        var rebound = rig.Client(ProbeListener.Admin);
        rebound.DefaultRequestHeaders.Host = "evil.example";
        Assert.Equal(HttpStatusCode.Forbidden, (await rebound.GetAsync(Root)).StatusCode);
        using var form = new FormUrlEncodedContent([new("chair", "sip:a@b")]);
        var posted = await rig.Client(ProbeListener.Admin).PostAsync(Root, form);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, posted.StatusCode);
    }

    [Fact]
    public async Task Create_MakesAConference_WithTheChairAmongTheMembers()
    {
        await using var rig = await HttpRig.StartAsync();
        var response = await rig.Client(ProbeListener.Admin).PostAsJsonAsync(Root, new
        {
            subject = "Ward round",
            chair = "sip:alice@localhost",
            members = new[] { new { uri = "sip:bob@conference.example", role = "presenter" } },
            defaultRights = new[] { "draw", "turn" },
            isOpen = true,
        });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var uri = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("uri").GetString();
        Assert.Matches("^sip:conf-[a-z2-7]{26}@conference\\.example$", uri);
        var command = Assert.Single(rig.Gateway.Commands);
        Assert.True(command.IsOperator);
        var create = Assert.IsType<CreateConference>(command.Request.Action);
        Assert.Equal(
            [("sip:alice@conference.example", Role.Chair), ("sip:bob@conference.example", Role.Presenter)],
            create.Members.Select(member => (member.Participant.Value, member.Role)));
        Assert.Equal(Rights.Draw | Rights.Turn, create.DefaultRights);
    }

    [Fact]
    public async Task Create_WithAnIdempotencyKey_MeansTheSameConferenceTwice()
    {
        await using var rig = await HttpRig.StartAsync();
        var client = rig.Client(ProbeListener.Admin);
        await client.PostAsJsonAsync(Root, new { chair = "sip:alice@a.example" });
        await client.PostAsJsonAsync(Root, new { chair = "sip:alice@a.example" });
        client.DefaultRequestHeaders.Add("Idempotency-Key", "k1");
        await client.PostAsJsonAsync(Root, new { chair = "sip:alice@a.example" });
        await client.PostAsJsonAsync(Root, new { chair = "sip:alice@a.example" });
        var commands = rig.Gateway.Commands;
        Assert.NotEqual(commands[0].Conference, commands[1].Conference);
        Assert.Equal(
            (commands[2].Conference, commands[2].Request.Id, commands[2].ContentHash),
            (commands[3].Conference, commands[3].Request.Id, commands[3].ContentHash));
    }

    [Fact]
    public async Task Create_WithFaults_NamesThemAll()
    {
        await using var rig = await HttpRig.StartAsync();
        var response = await rig.Client(ProbeListener.Admin).PostAsJsonAsync(Root, new
        {
            name = "No Capitals",
            chair = "alice",
            members = new[] { new { uri = "sip:bob@b", role = "king" } },
            defaultRights = new[] { "fly" },
        });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var faults = (await response.Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("errors").GetProperty("conference");
        Assert.Equal(4, faults.GetArrayLength());
        Assert.Empty(rig.Gateway.Commands);
    }

    [Theory]
    [InlineData("{ \"chair\": ", "bad_json")]
    [InlineData("{ \"chiar\": \"sip:a@b\" }", "bad_json")]
    [InlineData("null", "bad_json")]
    public async Task Create_WithABrokenBody_Is400(string body, string label)
    {
        await using var rig = await HttpRig.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = await rig.Client(ProbeListener.Admin).PostAsync(Root, content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("urn:ims-conference:problem:" + label, problem.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(RefuseReason.ConferenceExists, 409)]
    [InlineData(RefuseReason.StoreUnavailable, 503)]
    [InlineData(RefuseReason.ConferenceBusy, 429)]
    [InlineData(RefuseReason.UnknownConference, 404)]
    public async Task Create_Refused_IsAProblemWithTheReason(RefuseReason reason, int status)
    {
        await using var rig = await HttpRig.StartAsync();
        rig.Gateway.Refuse(reason);
        var response = await rig.Client(ProbeListener.Admin).PostAsJsonAsync(Root, new { chair = "sip:a@b" });
        Assert.Equal(status, (int)response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(RefuseReasons.Describe(reason).Label, problem.GetProperty("title").GetString());
    }

    [Fact]
    public async Task List_IsPaged_InOrder()
    {
        await using var rig = await HttpRig.StartAsync();
        foreach (var name in (string[])["c", "a", "b"])
        {
            var conference = ConferenceUri.Parse($"sip:conf-{name}@conference.example");
            var owner = await rig.Store.TakeOwnershipAsync(conference, CancellationToken.None);
            await rig.Store.AppendAsync(
                conference, owner.Epoch, [new StoredEvent(1, "x", "<e/>"u8.ToArray())], CancellationToken.None);
        }

        var client = rig.Client(ProbeListener.Admin);
        var first = await client.GetFromJsonAsync<JsonElement>(new Uri(Root + "?limit=2", UriKind.Relative));
        Assert.Equal(2, first.GetProperty("conferences").GetArrayLength());
        var next = first.GetProperty("next").GetString()!;
        var second = await client.GetFromJsonAsync<JsonElement>(
            new Uri($"{Root}?limit=2&after={Uri.EscapeDataString(next)}", UriKind.Relative));
        Assert.Equal(
            "sip:conf-c@conference.example",
            Assert.Single(second.GetProperty("conferences").EnumerateArray()).GetProperty("uri").GetString());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        var tooMany = await client.GetAsync(new Uri(Root + "?limit=100000", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, tooMany.StatusCode);
        rig.Faults.IsAway = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync(Root)).StatusCode);
    }

    [Theory]
    [InlineData("conf-weekly")]
    [InlineData("sip%3Aconf-weekly%40conference.example")]
    public async Task Show_ByNameOrUri_GivesRosterDocumentsAndDeliveries(string id)
    {
        await using var rig = await HttpRig.StartAsync();
        var alice = ParticipantUri.Parse("sip:alice@conference.example");
        rig.Gateway.Description = uri => new ConferenceDescription(
            uri, "Weekly", 5, new PageRef("d", 2),
            [new DocumentState("d", "x.doc", 3, alice, ImmutableArray<PageDescriptor>.Empty)],
            [new RosterEntry(alice, "Alice", Role.Chair, Rights.All)],
            [new DeliveryDescription(alice, 4, "Parked", 480, 5)], DateTimeOffset.UnixEpoch, HasEnded: false);
        var shown = await rig.Client(ProbeListener.Admin).GetFromJsonAsync<JsonElement>(
            new Uri($"{Root}/{id}", UriKind.Relative));
        Assert.Equal("sip:conf-weekly@conference.example", shown.GetProperty("uri").GetString());
        Assert.Equal("d/2", shown.GetProperty("currentPage").GetString());
        Assert.Equal("chair", shown.GetProperty("roster")[0].GetProperty("role").GetString());
        Assert.Equal("editOthers", shown.GetProperty("roster")[0].GetProperty("rights")[3].GetString());
        Assert.Equal("parked", shown.GetProperty("deliveries")[0].GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("conf-none")]
    [InlineData("%20")]
    public async Task Show_Unknown_Is404(string id)
    {
        await using var rig = await HttpRig.StartAsync();
        var response = await rig.Client(ProbeListener.Admin).GetAsync(new Uri($"{Root}/{id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task End_IsAnOperatorsRequest_TheSameEachTime()
    {
        await using var rig = await HttpRig.StartAsync();
        var client = rig.Client(ProbeListener.Admin);
        var path = new Uri($"{Root}/conf-weekly", UriKind.Relative);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(path)).StatusCode);
        Assert.All(rig.Gateway.Commands, command => Assert.IsType<EndConference>(command.Request.Action));
        Assert.True(rig.Gateway.Commands[0].IsOperator);
        Assert.Equal(rig.Gateway.Commands[0], rig.Gateway.Commands[1]);
    }
}
