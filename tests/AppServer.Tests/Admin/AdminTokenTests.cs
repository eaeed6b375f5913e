using AppServer.Admin;
using AppServer.Configuration;
using AppServer.Tests.Fakes;
using Xunit;

namespace AppServer.Tests.Admin;

public sealed class AdminTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Bearer 0123456789abcdef", true)]
    [InlineData("bearer 0123456789abcdef ", true)]
    [InlineData("Bearer 0123456789abcdeF", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic 0123456789abcdef", false)]
    [InlineData("0123456789abcdef", false)]
    [InlineData(null, false)]
    public void Accepts_OnlyTheToken(string? authorization, bool expected) =>
        Assert.Equal(expected, new AdminToken("0123456789abcdef").Accepts(authorization));

    [Fact]
    public void Load_FromAFile_TakesItWithoutTheLineEnd()
    {
        var token = Load("0123456789abcdef\n", out var fault);
        Assert.Null(fault);
        Assert.True(token.Accepts("Bearer 0123456789abcdef"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("short")]
    [InlineData(null)]
    public void Load_FromAnEmptyShortOrMissingFile_IsAFault(string? content)
    {
        var token = Load(content, out var fault);
        Assert.Equal("Admin:TokenFile", fault!.Option);
        Assert.True(token.IsRequired);
    }

    private AdminToken Load(string? content, out OptionFault? fault)
    {
        if (content is not null) File.WriteAllText(Path.Combine(_folder.Path, "token"), content);
        var options = new AppServerOptions { Admin = new AdminOptions { TokenFile = "token" } };
        return AdminToken.Load(new LoadedConfiguration(options, _folder.Path, []), out fault);
    }
}
