using System.Net;
using Load.Peers;
using Xunit;

namespace Load.Tests.Peers;

public sealed class KamailioConfigurationTests
{
    private static readonly KamailioOptions Options = new()
    {
        Port = 15_060, Folder = "/tmp/peer", NextHop = new IPEndPoint(IPAddress.Loopback, 15_090),
    };

    [Fact]
    public void Render_OverUdp_HasNoTcp()
    {
        var lines = Lines(Options with { Workers = 2 });

        Assert.Contains("listen=udp:127.0.0.1:15060", lines);
        Assert.Contains("disable_tcp=yes", lines);
        Assert.Contains("children=2", lines);
        Assert.Contains("modparam(\"imc\", \"outbound_proxy\", \"sip:127.0.0.1:15090\")", lines);
        Assert.Contains("modparam(\"imc\", \"db_url\", \"text:///tmp/peer/db\")", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("listen=tcp", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_OverTcp_ReachesMembersOverTcp()
    {
        var lines = Lines(Options with { IsTcp = true });

        Assert.Contains("listen=tcp:127.0.0.1:15060", lines);
        Assert.Contains("modparam(\"imc\", \"outbound_proxy\", \"sip:127.0.0.1:15090;transport=tcp\")", lines);
        Assert.DoesNotContain("disable_tcp=yes", lines);
    }

    [Fact]
    public void Render_AlwaysOpensTheTransaction_BeforeTheFanout()
    {
        var text = KamailioConfiguration.Render(Options);

        var fanout = text.IndexOf("imc_manager()", StringComparison.Ordinal);
        Assert.InRange(text.IndexOf("t_newtran()", StringComparison.Ordinal), 0, fanout);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tuned_IsSmallTransactionsAndTheFastAllocator(bool isTuned)
    {
        var options = Options with { IsTuned = isTuned };
        var arguments = string.Join(' ', KamailioConfiguration.Arguments(options, "/tmp/peer/kamailio.cfg"));

        Assert.Equal(isTuned, Lines(options).Contains("max_branches=1"));
        Assert.Equal(isTuned, arguments.Contains("-x fm", StringComparison.Ordinal));
        Assert.Contains("-m 8192", arguments, StringComparison.Ordinal);
        Assert.Contains("-b 4194304", arguments, StringComparison.Ordinal);
        Assert.Contains("-f /tmp/peer/kamailio.cfg", arguments, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_OfARoom_HoldOwnerAndMembers()
    {
        var tables = KamailioConfiguration.Tables(
            "sip:conf-load@conf.example", "sip:chair@conf.example",
            ["sip:+49171@conf.example", "sip:+49172@conf.example"]);

        Assert.Equal(["imc_members", "imc_rooms", "version"], tables.Keys.Order());
        Assert.Equal("1:conf-load:conf.example:0", tables["imc_rooms"].Split('\n')[1]);
        Assert.Equal(
            [
                @"1:chair:conf.example:sip\:conf-load@conf.example:1",
                @"2:+49171:conf.example:sip\:conf-load@conf.example:0",
                @"3:+49172:conf.example:sip\:conf-load@conf.example:0",
            ],
            tables["imc_members"].Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..]);
    }

    private static string[] Lines(KamailioOptions options) =>
        [.. KamailioConfiguration.Render(options).Split('\n').Select(line => line.Trim())];
}
