using System.Text.Json;
using AppServer.Configuration;
using Tests.Shared;
using Xunit;

namespace AppServer.Tests.Configuration;

public sealed class ConfigurationFilesTests
{
    [Theory]
    [InlineData("appserver.json")]
    [InlineData("appserver.schema.json")]
    public void ConfigurationFile_AsCommitted_SaysWhatTheRecordsSay(string name)
    {
        var path = Path.Combine(RepositoryRoot.Path, "config", name);
        var expected = name == "appserver.json" ? ConfigurationFiles.Options() : ConfigurationFiles.Schema();
        if (Environment.GetEnvironmentVariable("UPDATE_CONFIG_FILES") == "1") File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void EveryOption_IsInTheFile_WithItsDefault()
    {
        var format = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "config", "appserver.json")), format);
        foreach (var option in OptionCatalog.All)
        {
            var element = document.RootElement;
            foreach (var part in option.Path.Split(':')) element = element.GetProperty(part);
            var text = element.ValueKind switch
            {
                JsonValueKind.Array => string.Join(",", element.EnumerateArray().Select(item => item.ToString())),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                _ => element.ToString(),
            };
            Assert.Equal(HelpText.Show(option.Default), text);
        }
    }

    [Fact]
    public void CommittedFile_IsReadWithoutFaults_AndGivesTheDefaults()
    {
        var line = CommandLine.Read(["--config", Path.Combine(RepositoryRoot.Path, "config", "appserver.json")]);
        var loaded = ConfigurationLoader.Load(line, new System.Collections.Hashtable(), RepositoryRoot.Path);
        Assert.Empty(loaded.Faults);
        foreach (var (given, standard) in OptionCatalog
            .Describe(typeof(AppServerOptions), loaded.Options, "").Zip(OptionCatalog.All))
        {
            Assert.Equal(HelpText.Show(standard.Default), HelpText.Show(given.Default));
        }
    }
}
