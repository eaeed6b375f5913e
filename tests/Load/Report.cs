using System.Globalization;

namespace Load;

/// <summary>What one repetition measured; medians over several.</summary>
internal sealed record Report(IReadOnlyList<(string Name, double Value, string Format)> Values)
{
    /// <summary>Instead of values: what a scenario has put together itself, printed for each repetition.</summary>
    internal string? Text { get; private init; }

    internal static Report Of(string text) => new([]) { Text = text };

    internal static void PrintHeader(string title) => Console.WriteLine($"\n### {title}\n");

    internal static void PrintTable(IReadOnlyList<Report> reports)
    {
        if (reports[0].Text is not null)
        {
            Console.WriteLine(string.Join("\n\n", reports.Select(report => report.Text)));
            return;
        }

        Console.WriteLine("| figure | median | smallest | largest |");
        Console.WriteLine("|---|--:|--:|--:|");
        for (var i = 0; i < reports[0].Values.Count; i++)
        {
            var (name, _, format) = reports[0].Values[i];
            var values = reports.Select(r => r.Values[i].Value).Where(double.IsFinite); // Not every server tells all.
            if (Spread.Of(values) is not { } spread) continue;
            Console.WriteLine($"| {name} | {Text(spread.Median)} | {Text(spread.Smallest)} | {Text(spread.Largest)} |");

            string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        }
    }
}
