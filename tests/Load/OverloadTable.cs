using System.Globalization;
using System.Text;

namespace Load;

/// <summary>The table of one run of the overload scenario.</summary>
internal sealed class OverloadTable(
    OverloadLedger ledger, IReadOnlyList<OverloadStep> steps, double peak, OverloadStep normal, OverloadStep after)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(0.5);

    private static readonly string[] Columns =
    [
        "step", "offered/s", "sent again/s", "202/s", "503/s", "480/s", "other", "no answer", "goodput/s",
        "of the peak, %", "events per MESSAGE", "202 p50, ms", "202 p99, ms", "delivery p99, ms", "server CPU, %",
        "CPU us per refusal", "dropped unread", "lost by the kernel",
    ];

    private readonly StringBuilder _text = new();

    internal string Write((int Missing, int BySnapshot) events, long givenUp)
    {
        WriteRow(Columns);
        _text.AppendLine($"|---|{string.Concat(Enumerable.Repeat("--:|", Columns.Length - 1))}");
        var read = steps.Select(step => (Step: step, Figures: step.Read(ledger))).ToArray();
        // What an event costs that reaches everybody, where nobody is refused.
        var perEvent = read.Where(one => one.Figures.Refused + one.Figures.RefusedAlone == 0)
            .Select(one => one.Step.ServerCpu / one.Step.Seconds / one.Figures.Good).DefaultIfEmpty(double.NaN).Min();
        foreach (var (step, figures) in read) WriteStep(step, figures, perEvent);

        _text.AppendLine().Append("Events with a 202 that somebody does not have in the end: ").Append(events.Missing)
            .Append("; that somebody has by a snapshot only: ").Append(events.BySnapshot)
            .Append(". Requests without an answer for 32 s: ").Append(givenUp).AppendLine(".");
        WriteRecovery(normal.Read(ledger).Answer99);
        foreach (var slow in steps.Where(s => s.Target > 0 && s.To - s.From < 0.95 * s.Target * s.Seconds))
        {
            _text.AppendLine(CultureInfo.InvariantCulture,
                $"The generator was the bottleneck in step {slow.Name}: {slow.Target:F0}/s were meant.");
        }

        return _text.ToString();
    }

    private void WriteStep(OverloadStep step, OverloadFigures it, double perEvent)
    {
        var cpu = step.ServerCpu / step.Seconds;
        var refused = it.Refused + it.RefusedAlone;
        var forRefusals = cpu - (it.Good * perEvent);
        var perMessage = it.Good * step.Seconds * ledger.Recipients / Math.Max(1, step.Messages);
        WriteRow(
            step.Name, Show(it.Offered), Show(step.Resends / step.Seconds), Show(it.Accepted), Show(it.Refused),
            Show(it.RefusedAlone), Show(it.Other), Show(it.Unanswered), Show(it.Good), Show(it.Good / peak * 100),
            Show(perMessage, "F2"), Show(it.Answer50, "F1"), Show(it.Answer99, "F1"), Show(it.Delivery99),
            Show(cpu * 100), refused > it.Offered / 2 && forRefusals > 0 ? Show(forRefusals / refused * 1e6, "F1") : "",
            Show(step.Unread), Show(step.Drops));
    }

    private void WriteRecovery(double before99)
    {
        var windows = after.Windows(ledger, Window).ToArray();
        _text.AppendLine(CultureInfo.InvariantCulture,
            $"202 p99 before: {before99:F1} ms. After, in ms (and refused + without an answer), by half seconds:");
        _text.AppendJoin(", ", windows.Select(w => w.Refused + w.Unanswered == 0
            ? Show(w.P99)
            : $"{Show(w.P99)} ({w.Refused} + {w.Unanswered})"));
        _text.AppendLine(".");
        var back = Array.FindIndex(windows, w => w.Refused + w.Unanswered == 0 && w.P99 < 2 * before99);
        var until = back < 0 ? "not within this time" : $"{Show(windows[back].At, "F1")} s after the overload";
        _text.AppendLine($"Nobody refused or without an answer, and p99 below twice that of before: {until}.");
    }

    private void WriteRow(params string[] cells) => _text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");

    private static string Show(double value, string format = "F0") =>
        value.ToString(format, CultureInfo.InvariantCulture);
}
