using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AppServer.Admin;

namespace AppServer.Provisioning;

/// <summary>Reads config/conferences.json: <c>{ "conferences": [ ... ] }</c>, each as in the admin API.</summary>
public static class ConferencesFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">One that is not there has no conferences.</param>
    /// <param name="countMax">More are a fault.</param>
    /// <param name="fault">What is wrong with it; null when nothing is.</param>
    public static ImmutableArray<ConferenceDto> Read(string path, int countMax, out string? fault)
    {
        fault = null;
        if (!File.Exists(path)) return [];
        try
        {
            using var file = File.OpenRead(path); // a stream: the text of a large file never lies in memory as a whole
            var conferences = JsonSerializer.Deserialize<Document>(file, Format)?.Conferences ?? [];
            if (conferences.Length > countMax) fault = $"{path}: holds more than {countMax} conferences";
            return fault is null ? [.. conferences] : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            fault = $"{path}: {failure.Message}";
            return [];
        }
    }

    private sealed record Document(ConferenceDto[]? Conferences);
}
