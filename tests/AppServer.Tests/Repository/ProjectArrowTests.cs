using System.Xml.Linq;
using Tests.Shared;
using Xunit;

namespace AppServer.Tests.Repository;

/// <summary>References point one way (ARCHITECTURE.md, Projects).</summary>
public sealed class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sip.Stack"] = [],
        ["Conference.Protocol"] = [],
        ["Conference.Actors"] = ["Conference.Protocol"],
        ["Conference.Store"] = ["Conference.Actors", "Conference.Protocol"],
        ["Conference.Client"] = ["Sip.Stack", "Conference.Protocol"],
        ["AppServer"] = ["Sip.Stack", "Conference.Protocol", "Conference.Actors", "Conference.Store"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_ReferencesOnlyWhatItMay(string project)
    {
        var file = Path.Combine(RepositoryRoot.Path, "src", project, project + ".csproj");
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(references.Except(Allowed[project]));
    }

    [Fact]
    public void EveryProject_UnderSrc_IsListedHere()
    {
        var sources = Path.Combine(RepositoryRoot.Path, "src");
        var found = Directory.GetFiles(sources, "*.csproj", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(Allowed.Keys.Order(), found.Order());
    }

    [Theory]
    [InlineData("StackExchange.Redis")]
    [InlineData("Microsoft.Data.Sqlite")]
    public void DatabasePackages_AreUsedByTheStoreAlone(string package)
    {
        foreach (var file in Directory.GetFiles(
            Path.Combine(RepositoryRoot.Path, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var uses = XDocument.Load(file).Descendants("PackageReference")
                .Any(r => r.Attribute("Include")!.Value == package);
            Assert.True(!uses || Path.GetFileName(file) == "Conference.Store.csproj", file);
        }
    }
}
