using System.Globalization;

namespace Sip.Stack.Messages;

/// <summary>Numbers in parameters.</summary>
internal static class SipNumbers
{
    /// <summary>Digits only; more than 2^32-1 is 2^32-1; null for everything else.</summary>
    internal static uint? Read(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : uint.MaxValue;
    }

    /// <summary>qvalue: 0 to 1 with at most three decimals, as thousandths.</summary>
    internal static int? ReadQuality(string? text) =>
        text is { Length: >= 1 and <= 5 } && text[0] is '0' or '1'
        && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value is >= 0 and <= 1
            ? (int)(value * 1000)
            : null;
}
