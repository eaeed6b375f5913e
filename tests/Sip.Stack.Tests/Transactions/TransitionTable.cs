using System.Globalization;
using Sip.Stack.Transactions;

namespace Sip.Stack.Tests.Transactions;

/// <summary>
/// A machine's whole behaviour as text, one line for each state and input:
/// <c>phase | input | transport (U unreliable, R reliable, * both) | phase after | effects</c>.
/// Times are in milliseconds at T1 = 500, T2 = 4000, T4 = 5000.
/// </summary>
internal static class TransitionTable
{
    internal sealed record Row(string Phase, string Input, bool IsReliable, string After, string Effects);

    internal static IEnumerable<Row> Parse(string table)
    {
        foreach (var line in table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells[2] is "U" or "*") yield return new Row(cells[0], cells[1], false, cells[3], cells[4]);
            if (cells[2] is "R" or "*") yield return new Row(cells[0], cells[1], true, cells[3], cells[4]);
        }
    }

    internal static TheoryData<string, string, bool, string, string> Data(string table)
    {
        var data = new TheoryData<string, string, bool, string, string>();
        foreach (var row in Parse(table)) data.Add(row.Phase, row.Input, row.IsReliable, row.After, row.Effects);
        return data;
    }

    /// <summary>Every phase with every input on both kinds of transport, once.</summary>
    internal static void AssertComplete<TPhase, TInput>(string table)
        where TPhase : struct, Enum
        where TInput : struct, Enum
    {
        var listed = Parse(table).Select(r => (r.Phase, r.Input, r.IsReliable)).ToList();
        var wanted =
            from phase in Enum.GetNames<TPhase>()
            from input in Enum.GetNames<TInput>()
            from isReliable in new[] { false, true }
            select (phase, input, isReliable);
        Assert.Equal(wanted.Order(), listed.Order());
    }

    internal static string Text(EffectList effects)
    {
        var parts = new List<string>();
        for (var i = 0; i < effects.Count; i++)
        {
            var effect = effects[i];
            parts.Add(effect.Kind == EffectKind.Arm
                ? string.Create(CultureInfo.InvariantCulture, $"{effect.Timer}={effect.After.TotalMilliseconds}")
                : effect.Kind.ToString());
        }

        return string.Join(' ', parts);
    }
}
