using System.Collections;
using System.Globalization;
using System.Text;

namespace Conference.Protocol.Tests;

/// <summary>Everything in a record, as text: records with lists in them do not compare by value.</summary>
internal static class Dump
{
    internal static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string line:
                text.Append('\'').Append(line).Append('\'');
                break;
            case ReadOnlyMemory<byte> bytes:
                text.Append(Convert.ToHexString(bytes.Span));
                break;
            case DateTimeOffset time:
                text.Append(time.ToString("O", CultureInfo.InvariantCulture));
                break;
            case IEnumerable list:
                text.Append('[');
                foreach (var item in list) Append(text, item);
                text.Append(']');
                break;
            case IFormattable or bool or ParticipantUri or ConferenceUri:
                text.Append(value).Append(' ');
                break;
            default:
                text.Append(value.GetType().Name).Append('(');
                foreach (var property in value.GetType().GetProperties())
                {
                    if (property.GetIndexParameters().Length > 0) continue;
                    text.Append(property.Name).Append('=');
                    Append(text, property.GetValue(value));
                }

                text.Append(')');
                break;
        }
    }
}
