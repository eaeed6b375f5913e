using System.Text.Json;
using System.Text.Json.Serialization;

namespace Load.Compare;

/// <summary>What one repetition measured, as a line of JSON.</summary>
/// <param name="Members">Participants of the conference.</param>
/// <param name="Rate">Events per second; 0: as many as go.</param>
/// <param name="Figures">By the names of <see cref="Figure"/> and of the scenario, without what a server does not tell.
/// </param>
internal sealed record Measurement(
    Contender Contender, bool IsTcp, int Members, double Rate, IReadOnlyDictionary<string, double> Figures)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    internal static Measurement Of(LoadOptions options, Report report) => new(
        Contenders.Of(options), options.IsTcp, options.Members, options.Rate,
        report.Values.Where(v => double.IsFinite(v.Value)).ToDictionary(v => v.Name, v => v.Value));

    /// <summary>One per line.</summary>
    internal static IReadOnlyList<Measurement> Read(IEnumerable<string> lines) =>
    [
        .. lines.Where(line => !string.IsNullOrWhiteSpace(line)).Select(line =>
            JsonSerializer.Deserialize<Measurement>(line, Json) ?? throw new FormatException("A line holds nothing.")),
    ];

    internal string ToLine() => JsonSerializer.Serialize(this, Json) + "\n";
}
