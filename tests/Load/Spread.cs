using System.Globalization;

namespace Load;

/// <summary>The same figure from several repetitions.</summary>
internal readonly record struct Spread(double Median, double Smallest, double Largest)
{
    /// <summary>Null of no values. The median of an even number is the middle between the two in the middle.</summary>
    internal static Spread? Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) return null;
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>Median and range, without the range when that reads the same.</summary>
    internal string ToText(string format)
    {
        var (median, smallest, largest) = (Text(Median), Text(Smallest), Text(Largest));
        return smallest == largest ? median : $"{median} ({smallest}-{largest})";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
