using AppServer.Configuration;
using Xunit;

namespace AppServer.Tests.Configuration;

public sealed class CommandLineTests
{
    [Fact]
    public void Read_SwitchesAndPaths_GiveOptions()
    {
        var line = CommandLine.Read(
            ["--sip-port", "5070", "--mode=Ims", "--Ims:ScscfRoute=sip:a;x=y", "--config", "c.json"]);
        Assert.Empty(line.Faults);
        Assert.Equal("c.json", line.ConfigFile);
        Assert.Equal(
            ["Sip:Port 5070", "Server:Mode Ims", "Ims:ScscfRoute sip:a;x=y"],
            line.Values.Select(value => $"{value.Key} {value.Value}"));
    }

    [Theory]
    [InlineData("--sip-prot", "5070")]
    [InlineData("nonsense", "")]
    public void Read_UnknownArgument_IsAFault(string first, string second)
    {
        var line = CommandLine.Read([first, second]);
        Assert.Contains(line.Faults, fault => fault.Value == first);
    }

    [Fact]
    public void Read_SwitchWithoutValue_IsAFault()
    {
        Assert.Equal("needs a value", Assert.Single(CommandLine.Read(["--data"]).Faults).Rule);
        Assert.Equal("needs a value", Assert.Single(CommandLine.Read(["--data", "--help"]).Faults).Rule);
    }

    [Fact]
    public void HelpText_ListsEverySwitchAndEveryOption()
    {
        Assert.True(CommandLine.Read(["--help"]).ShowHelp);
        var help = HelpText.Write();
        Assert.All(CommandLine.Switches, known => Assert.Contains(known.Switch, help, StringComparison.Ordinal));
        Assert.All(OptionCatalog.All, option =>
            Assert.Contains($"--{option.Path}=", help, StringComparison.Ordinal));
        Assert.Contains("--FrontDoor:AnswerTimeout=00:00:01.8000000", help, StringComparison.Ordinal);
    }
}
