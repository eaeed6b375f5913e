using System.Net.Http.Json;
using System.Text.Json;
using AppServer.Lifetime;
using AppServer.Tests.Fakes;
using Conference.Client;
using Conference.Protocol;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Lifetime;

/// <summary>The real process: ready file, signals, exit codes, a second start on the same data.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_WritesTheReadyFile_AndSaysInWordsWhereItIs_SigTermEndsWith0()
    {
        using var server = await ChildServer.StartAsync(_folder.Path);
        Assert.Equal("sip:factory@conference.example", server.Report.GetProperty("factoryUri").GetString());
        Assert.Equal(Path.Combine(_folder.Path, "data"), server.Report.GetProperty("dataDirectory").GetString());
        Assert.Equal(
            ["udp", "tcp"],
            server.Report.GetProperty("sip").EnumerateArray().Select(a => a.GetProperty("transport").GetString()));
        using var http = new HttpClient { BaseAddress = server.Admin };
        using var ready = await http.GetPatientlyAsync("/healthz/ready");
        Assert.Equal("ready\n", await ready.Content.ReadAsStringAsync());

        server.Signal(ChildServer.SigTerm);
        var end = await server.EndAsync();
        Assert.Equal((ExitCodes.Stopped, ""), (end.ExitCode, end.Errors));
        Assert.False(File.Exists(server.ReadyFile));
        Assert.Contains($"SIP over TCP:  {server.Sip}", end.Output, StringComparison.Ordinal);
        Assert.Contains("Ctrl-C", end.Output, StringComparison.Ordinal);
        var lines = end.Output.Split('\n').Where(line => line.StartsWith('{')).ToArray();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public async Task SecondStart_FindsTheConferencesOfTheFirst()
    {
        string uri;
        using (var first = await ChildServer.StartAsync(_folder.Path))
        {
            await using var client = new ConferenceClient(new ConferenceClientOptions
            {
                Identity = ParticipantUri.Parse("sip:alice@conference.example"),
                Password = ChildServer.Password,
                Server = first.Sip,
                Transport = SipTransportKind.Tcp,
            });
            await client.StartAsync();
            (await client.RegisterAsync()).OrThrow();
            var session = await client.CreateAsync("Ward round", []);
            uri = session.Uri.Value;
            first.Signal(ChildServer.SigInt);
            Assert.Equal(ExitCodes.Stopped, (await first.EndAsync()).ExitCode);
        }

        using var second = await ChildServer.StartAsync(_folder.Path);
        using var http = new HttpClient { BaseAddress = second.Admin };
        using var listed = await http.GetPatientlyAsync("/admin/v1/conferences");
        var list = await listed.Content.ReadFromJsonAsync<JsonElement>();
        var line = Assert.Single(list.GetProperty("conferences").EnumerateArray());
        Assert.Equal(uri, line.GetProperty("uri").GetString());
        using var answer = await http.GetPatientlyAsync("/admin/v1/conferences/" + Uri.EscapeDataString(uri));
        var shown = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("Ward round", shown.GetProperty("subject").GetString());
        Assert.Equal("sip:alice@conference.example", shown.GetProperty("roster")[0].GetProperty("uri").GetString());
    }

    [Fact]
    public async Task Start_OnDataInUse_EndsWith1_AndSaysWhy()
    {
        using var first = await ChildServer.StartAsync(_folder.Path);
        var end = await ChildServer.RunAsync(_folder.Path, "--sip-port=0", "--http-port=0", "--admin-port=0");
        Assert.Equal(ExitCodes.Failed, end.ExitCode);
        Assert.Contains("is in use by another server", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortInUse_EndsWith1_AndNamesIt()
    {
        using var first = await ChildServer.StartAsync(_folder.Path);
        (string, int)[] taken = [("--sip-port", first.Sip.Port), ("--admin-port", first.Admin.Port)];
        foreach (var (option, port) in taken)
        {
            string[] arguments =
                ["--sip-port=0", "--http-port=0", "--admin-port=0", "--data=other", $"{option}={port}"];
            var end = await ChildServer.RunAsync(_folder.Path, arguments);
            Assert.Equal(ExitCodes.Failed, end.ExitCode);
            Assert.StartsWith("Cannot listen", end.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", end.Output, StringComparison.Ordinal);
            Assert.Contains($"{port}", end.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_WithFaults_EndsWith2_AndNamesThemAll()
    {
        var end = await ChildServer.RunAsync(_folder.Path, "--sip-port=x", "--Sip:Prot=1", "--mode=Ims");
        Assert.Equal(ExitCodes.BadConfiguration, end.ExitCode);
        Assert.StartsWith("The configuration has 4 faults:", end.Errors, StringComparison.Ordinal);
        Assert.Empty(end.Output);
    }

    [Fact]
    public async Task Start_WithFaultsInTheConferencesFile_EndsWith2_AndNamesThem()
    {
        var path = Path.Combine(_folder.Path, "conferences.json");
        File.WriteAllText(path, """{ "conferences": [ { "name": "A", "chair": "alice" } ] }""");
        var end = await ChildServer.RunAsync(_folder.Path, $"--Provisioning:ConferencesFile={path}");
        Assert.Equal(ExitCodes.BadConfiguration, end.ExitCode);
        Assert.Contains("conferences[0]: name = 'A'", end.Errors, StringComparison.Ordinal);
        Assert.Contains("conferences[0]: chair = 'alice'", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_IsPrinted_WithEveryOption()
    {
        var end = await ChildServer.RunAsync(_folder.Path, "--help");
        Assert.Equal(ExitCodes.Stopped, end.ExitCode);
        Assert.Contains("--ready-file", end.Output, StringComparison.Ordinal);
        Assert.Contains("--Focus:MembersMax=10000", end.Output, StringComparison.Ordinal);
    }
}
