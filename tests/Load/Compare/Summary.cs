using System.Globalization;
using System.Text;

namespace Load.Compare;

/// <summary>Tables of all that was measured: medians, smallest and largest of the repetitions.</summary>
/// <remarks>A delivery is one message of the chair at one participant, whether it had a MESSAGE to itself or not.
/// </remarks>
internal sealed class Summary
{
    private const string Absent = "-";

    private readonly ILookup<Case, Measurement> _cases;
    private readonly int _measurements;

    internal Summary(IReadOnlyCollection<Measurement> measurements)
    {
        _measurements = measurements.Count;
        _cases = measurements.ToLookup(m => new Case(m.Contender, m.IsTcp, m.Members, m.Rate));
    }

    private sealed record Case(Contender Contender, bool IsTcp, int Members, double Rate);

    internal string Render()
    {
        var text = new StringBuilder();
        RenderSaturated(text, "Server CPU, us per delivery, saturated", Figure.CpuPerEvent, "F2");
        RenderSaturated(text, "Deliveries/s, saturated", Figure.EventRate, "N0");
        RenderAtRate(text);
        RenderRest(text);
        var missing = _cases.SelectMany(group => group).Sum(m => m.Figures.GetValueOrDefault(Figure.Missing));
        var twice = _cases.SelectMany(group => group).Sum(m => m.Figures.GetValueOrDefault(Figure.Twice));
        text.AppendLine().AppendLine(
            CultureInfo.InvariantCulture,
            $"In {_measurements} measurements together {missing:N0} deliveries were missing, {twice:N0} came twice.");
        return text.ToString();
    }

    // A row for each transport and number of participants, a column for each contender.
    private void RenderSaturated(StringBuilder text, string title, string figure, string format)
    {
        var contenders = Enum.GetValues<Contender>();
        Begin(text, title, ["", .. contenders.Select(Contenders.Describe), "this server / Kamailio tuned"]);
        foreach (var (isTcp, members) in Cases(c => c.Rate == 0 && !IsFloor(c.Contender))
            .Select(c => (c.IsTcp, c.Members)).Distinct())
        {
            var cells = contenders.Select(contender => Text(Find(contender), format));
            var ratio = Ratio(Find(Contender.ThisServer), Find(Contender.KamailioTuned));
            Row(text, [Name(isTcp, members), .. cells, ratio]);

            Spread? Find(Contender contender) => Of(Match(contender, isTcp, members), figure);
        }
    }

    private void RenderAtRate(StringBuilder text)
    {
        foreach (var rate in Cases(c => c.Rate > 0).Select(c => (c.Rate, c.Members)).Distinct())
        {
            Begin(
                text,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rate.Rate * rate.Members:N0} deliveries/s ({rate.Rate:0.##} messages/s to {rate.Members:N0})"),
                ["", "last participant p50, ms", "last participant p99, ms", "sender's answer p50, ms",
                    "sender's answer p99, ms", "deliveries/s"]);
            foreach (var at in Cases(c => (c.Rate, c.Members) == rate))
            {
                Row(text,
                [
                    $"{Transport(at.IsTcp)}, {Contenders.Describe(at.Contender)}",
                    Text(Of(at, Figure.Last50), "F1"), Text(Of(at, Figure.Last99), "F1"),
                    Text(Of(at, Figure.Answer50), "F1"), Text(Of(at, Figure.Answer99), "F1"),
                    Text(Of(at, Figure.EventRate), "N0"),
                ]);
            }
        }
    }

    private void RenderRest(StringBuilder text)
    {
        Begin(
            text,
            "Memory at the end, and what arrived",
            ["", "memory, MiB", "missing", "twice", "sent again", "bytes per MESSAGE", "deliveries per MESSAGE",
                "CPU, us per MESSAGE"]);
        foreach (var at in Cases(_ => true))
        {
            var rate = at.Rate > 0 ? string.Create(CultureInfo.InvariantCulture, $", {at.Rate:0.##} messages/s") : "";
            Row(text,
            [
                $"{Name(at.IsTcp, at.Members)}{rate}, {Contenders.Describe(at.Contender)}",
                Text(Of(at, Figure.Memory), "N0"), Text(Of(at, Figure.Missing), "N0"),
                Text(Of(at, Figure.Twice), "N0"), Text(Of(at, Figure.Retransmitted), "N0"),
                Text(Of(at, Figure.WireBytes), "N0"), Text(Of(at, Figure.EventsPerMessage), "F2"),
                Text(Of(at, Figure.Cpu), "F2"),
            ]);
        }
    }

    private IEnumerable<Case> Cases(Func<Case, bool> isWanted) => _cases.Select(group => group.Key).Where(isWanted)
        .OrderBy(c => c.Rate).ThenBy(c => c.IsTcp).ThenBy(c => c.Members).ThenBy(c => c.Contender);

    // The floor does not depend on the number of participants: it is measured with one.
    private Case Match(Contender contender, bool isTcp, int members) => IsFloor(contender)
        ? Cases(c => c.Contender == contender && c.IsTcp == isTcp).FirstOrDefault() ?? new Case(contender, isTcp, 0, 0)
        : new Case(contender, isTcp, members, 0);

    private Spread? Of(Case at, string figure) =>
        Spread.Of(_cases[at].Where(m => m.Figures.ContainsKey(figure)).Select(m => m.Figures[figure]));

    private static bool IsFloor(Contender contender) => contender is Contender.Floor or Contender.FloorSegments;

    private static string Ratio(Spread? of, Spread? to) => of is { } numerator && to is { Median: > 0 } denominator
        ? (numerator.Median / denominator.Median).ToString("F2", CultureInfo.InvariantCulture)
        : Absent;

    private static string Text(Spread? spread, string format) => spread?.ToText(format) ?? Absent;

    private static string Name(bool isTcp, int members) =>
        string.Create(CultureInfo.InvariantCulture, $"{Transport(isTcp)}, N = {members:N0}");

    private static string Transport(bool isTcp) => isTcp ? "TCP" : "UDP";

    private static void Begin(StringBuilder text, string title, IReadOnlyList<string> columns)
    {
        if (text.Length > 0) text.AppendLine();
        text.Append("### ").AppendLine(title).AppendLine();
        Row(text, columns);
        text.Append("|---|").AppendJoin("", columns.Skip(1).Select(_ => "--:|")).AppendLine();
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
}
