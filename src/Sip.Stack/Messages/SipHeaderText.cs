using System.Buffers;

namespace Sip.Stack.Messages;

/// <summary>Text from outside made fit for a header field.</summary>
public static class SipHeaderText
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(c => (char)c), '\u007f']);

    /// <summary>The text with control characters turned into spaces, cut to a length.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="lengthMax">In UTF-16 units.</param>
    public static string Clean(string text, int lengthMax = 200)
    {
        var cut = text.Length > lengthMax ? text.AsSpan(0, lengthMax) : text;
        return cut.ContainsAny(Forbidden)
            ? string.Create(cut.Length, cut, static (to, from) =>
            {
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] = Forbidden.Contains(from[i]) ? ' ' : from[i];
                }
            })
            : cut.ToString();
    }
}
