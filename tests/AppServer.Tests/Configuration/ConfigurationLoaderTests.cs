using System.Collections;
using AppServer.Configuration;
using AppServer.Tests.Fakes;
using Xunit;

namespace AppServer.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ConfigurationLoaderTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "config"));
        File.WriteAllText(Path.Combine(_folder.Path, "config", "users.json"), """{ "users": [] }""");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_WithNothing_GivesDefaultsWithoutFaults()
    {
        var loaded = Load(null);
        Assert.Empty(loaded.Faults);
        Assert.Equal(5060, loaded.Options.Sip.Port);
        Assert.Equal(ServerMode.Standalone, loaded.Options.Server.Mode);
    }

    [Fact]
    public void Load_CommandLine_IsOverEnvironment_IsOverFile()
    {
        var environment = new Hashtable
        {
            ["CONFERENCE_AS__Sip__Port"] = "2",
            ["CONFERENCE_AS__Http__Port"] = "2",
            ["PATH"] = "/bin",
        };
        var loaded = Load(
            """{ "Sip": { "Port": 1 }, "Http": { "Port": 1 }, "Admin": { "Port": 1 } }""",
            environment, "--sip-port", "3");
        Assert.Empty(loaded.Faults);
        Assert.Equal((3, 2, 1), (loaded.Options.Sip.Port, loaded.Options.Http.Port, loaded.Options.Admin.Port));
    }

    [Fact]
    public void Load_OptionGivenTwice_HasTheLastValue()
    {
        var loaded = Load(null, null, "--sip-port=1", "--sip:port=2", "--Sip:Port", "3");
        Assert.Empty(loaded.Faults);
        Assert.Equal(3, loaded.Options.Sip.Port);
    }

    [Fact]
    public void Load_Lists_ComeFromArraysAndFromCommas()
    {
        var loaded = Load("""{ "Sip": { "Addresses": ["127.0.0.1", "::1"] } }""");
        Assert.Equal(["127.0.0.1", "::1"], loaded.Options.Sip.Addresses.AsEnumerable());
        loaded = Load(
            """{ "Sip": { "Addresses": ["127.0.0.1", "::1"] } }""", null, "--Sip:Addresses=127.0.0.2");
        Assert.Equal(["127.0.0.2"], loaded.Options.Sip.Addresses.AsEnumerable());
    }

    [Fact]
    public void Load_WithManyFaults_ReportsThemAllWithOptionValueAndRule()
    {
        var loaded = Load(
            """
            { "Sip": { "Prot": 5060, "Port": 70000, "Addresses": ["nowhere"] },
              "FrontDoor": { "AnswerTimeout": "00:00:05", "RequestsMax": 0 },
              "Log": { "Format": "Yaml" }, "Lifetime": { "DrainDeadline": "20" } }
            """);
        var lines = loaded.Faults.Select(fault => fault.ToString()).ToArray();
        Assert.Contains("Sip:Prot = '5060': no option has this name", lines);
        Assert.Contains("Sip:Port = '70000': must be at most 65535", lines);
        Assert.Contains("Sip:Addresses = 'nowhere': must be an IPv4 or IPv6 address", lines);
        Assert.Contains("FrontDoor:AnswerTimeout = '00:00:05': must not be longer than 2 s (R9)", lines);
        Assert.Contains("FrontDoor:RequestsMax = '0': must be more than 0", lines);
        Assert.Contains("Log:Format = 'Yaml': must be one of Json, Text", lines);
        Assert.Contains("Lifetime:DrainDeadline = '20': must be a duration as [d.]hh:mm:ss[.fff]", lines);
        Assert.Equal(7, lines.Length);
    }

    [Fact]
    public void Load_FileThatIsNoJson_IsOneFault()
    {
        var fault = Assert.Single(Load("{ \"Sip\": ").Faults);
        Assert.Equal("--config", fault.Option);
        Assert.StartsWith("cannot be read", fault.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "--config")]
    [InlineData("null", "--config")]
    [InlineData("[]", "--config")]
    [InlineData("{ \"Sip\": { \"Port\": 1, \"port\": 2 } }", "--config")]
    [InlineData("{ \"Sip\": 5060 }", "Sip")]
    [InlineData("{ \"Sip\": \"x\" }", "Sip")]
    [InlineData("{ \"Sip\": { \"Port\": { \"Udp\": 5060 } } }", "Sip:Port")]
    [InlineData("{ \"Sip\": { \"Port\": [5060] } }", "Sip:Port")]
    [InlineData("{ \"Sip\": { \"Addresses\": { \"First\": \"127.0.0.1\" } } }", "Sip:Addresses")]
    [InlineData("{ \"Sip\": { \"Addresses\": [[\"127.0.0.1\"]] } }", "Sip:Addresses")]
    [InlineData("{ \"Sip\": { \"Port\": true } }", "Sip:Port")]
    public void Load_FileOfAnotherShape_IsOneFault(string json, string option) =>
        Assert.Equal(option, Assert.Single(Load(json).Faults).Option);

    [Fact]
    public void Load_NamedFileThatIsNotThere_IsAFault()
    {
        var line = CommandLine.Read(["--config", "missing.json"]);
        var loaded = ConfigurationLoader.Load(line, new Hashtable(), _folder.Path);
        Assert.Contains(loaded.Faults, fault => fault.Option == "--config" && fault.Rule == "the file is not there");
    }

    [Fact]
    public void Load_SecretThatIsTooShort_IsNotPrinted()
    {
        var loaded = Load("""{ "Admin": { "Token": "hunter2" }, "Server": { "Secret": "hunter2" } }""");
        Assert.Equal(2, loaded.Faults.Length);
        Assert.DoesNotContain(loaded.Faults, fault => fault.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Md5,Md5")]
    public void Load_DigestAlgorithmsNoneOrTwice_IsAFault(string algorithms)
    {
        var fault = Assert.Single(Load(null, null, $"--Standalone:DigestAlgorithms={algorithms}").Faults);
        Assert.Equal("Standalone:DigestAlgorithms", fault.Option);
    }

    [Theory]
    [InlineData("Sip:WriteQueueBytesMax", "65535", false)]
    [InlineData("Sip:WriteQueueBytesMax", "65536", true)]
    [InlineData("Links:DatagramBytesMax", "65507", true)]
    [InlineData("Links:DatagramBytesMax", "65508", false)]
    [InlineData("Links:CoreDelayMax", "00:00:00", true)]
    [InlineData("Links:CoreDelayMax", "00:00:00.0009", false)]
    [InlineData("Links:CoreDelayMax", "00:00:00.001", true)]
    [InlineData("Admission:Interval", "00:00:01", true)]
    [InlineData("Admission:Interval", "00:00:01.001", false)]
    public void Load_BeyondWhatCanBeKept_IsAFault(string option, string value, bool isRight)
    {
        var faults = Load(null, null, $"--{option}={value}").Faults;
        Assert.Equal(isRight ? [] : [option], faults.Select(fault => fault.Option));
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("64", true)]
    [InlineData("65", false)]
    public void Load_UdpSegments_AreAtMostWhatTheKernelTakes(string count, bool isRight)
    {
        var faults = Load(null, null, $"--Sip:UdpSegmentsMax={count}").Faults;
        Assert.Equal(isRight ? [] : ["Sip:UdpSegmentsMax"], faults.Select(fault => fault.Option));
    }

    [Fact]
    public void Load_AdminOnPublicAddressWithoutToken_IsAFault()
    {
        var loaded = Load("""{ "Admin": { "Address": "0.0.0.0" } }""");
        Assert.Equal("Admin:Address", Assert.Single(loaded.Faults).Option);
        loaded = Load("""{ "Admin": { "Address": "0.0.0.0", "Token": "0123456789abcdef" } }""");
        Assert.Empty(loaded.Faults);
    }

    [Fact]
    public void Load_ImsModeWithoutPeersAndRoute_NamesBoth()
    {
        var loaded = Load("""{ "Server": { "Mode": "Ims" } }""");
        Assert.Equal(["Ims:TrustedPeers", "Ims:ScscfRoute"], loaded.Faults.Select(fault => fault.Option));
    }

    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("192.0.2.0/24", true)]
    [InlineData("2001:db8::/32", true)]
    [InlineData("192.0.2.0/33", false)]
    [InlineData("scscf.example", false)]
    public void Load_TrustedPeer_IsAnAddressOrABlock(string peer, bool isGood)
    {
        var loaded = Load(
            null, null, "--mode", "Ims", "--Ims:ScscfRoute=sip:127.0.0.12:5060", $"--Ims:TrustedPeers={peer}");
        Assert.Equal(isGood, loaded.Faults.IsEmpty);
    }

    [Fact]
    public void Load_FaultsOfStoreAndFocus_AreAmongTheOthers()
    {
        var loaded = Load("""{ "Store": { "Sqlite": { "ReaderCount": 0 } }, "Focus": { "MembersMax": 0 } }""");
        Assert.Equal(
            ["Focus:MembersMax", "Store:Sqlite:ReaderCount"], loaded.Faults.Select(fault => fault.Option).Order());
    }

    private LoadedConfiguration Load(string? json, IDictionary? environment = null, params string[] arguments)
    {
        var path = Path.Combine(_folder.Path, "config", "appserver.json");
        if (json is null) File.Delete(path);
        else File.WriteAllText(path, json);
        return ConfigurationLoader.Load(CommandLine.Read(arguments), environment ?? new Hashtable(), _folder.Path);
    }
}
