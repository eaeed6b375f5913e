using System.Globalization;
using System.Text;

namespace Sip.Stack.Tests.Torture;

/// <summary>
/// A response as a patient peer reads it: answers to malformed requests repeat their malformed values.
/// </summary>
internal sealed class ProbeResponse
{
    private readonly string[] _lines;

    private ProbeResponse(string[] lines, byte[] body)
    {
        _lines = lines;
        Body = body;
        var start = lines[0].Split(' ', 3);
        Assert.Equal("SIP/2.0", start[0]);
        Status = int.Parse(start[1], CultureInfo.InvariantCulture);
        Reason = start[2];
    }

    public int Status { get; }

    public string Reason { get; }

    public byte[] Body { get; }

    public string? CallId => this["Call-ID"];

    /// <summary>The value of the first line with this name; null without.</summary>
    public string? this[string name] =>
        _lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            ?[(name.Length + 1)..].Trim();

    /// <summary>Takes one response off the front of the bytes.</summary>
    /// <returns>Bytes taken; 0 when it is not all there.</returns>
    public static int TryTake(ReadOnlySpan<byte> bytes, out ProbeResponse? response)
    {
        response = null;
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0) return 0;
        var lines = Encoding.UTF8.GetString(bytes[..head]).Split("\r\n");
        var length = lines.Single(line => line.StartsWith("Content-Length:", StringComparison.Ordinal));
        var total = head + 4 + int.Parse(length["Content-Length:".Length..], CultureInfo.InvariantCulture);
        if (bytes.Length < total) return 0;
        response = new ProbeResponse(lines, bytes[(head + 4)..total].ToArray());
        return total;
    }
}
