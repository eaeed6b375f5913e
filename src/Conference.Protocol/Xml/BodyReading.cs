using System.Buffers;
using System.Text;
using System.Xml;

namespace Conference.Protocol.Xml;

/// <summary>Reads one body: scan, XmlReader, reader of the kind. The one place where XmlReader's exceptions end.
/// </summary>
internal static class BodyReading
{
    private const int FaultTextMax = 200;

    /// <summary>Reads a body.</summary>
    /// <param name="body">Not changed during the call; nothing of it is kept.</param>
    /// <param name="limits">See there.</param>
    /// <param name="xmlNamespace">Of the root; empty for a fragment.</param>
    /// <param name="read">Called at the root element, twice in rare cases.</param>
    /// <param name="result">Null with a fault.</param>
    /// <param name="pooled">A buffer that the result lies in; the caller gives it back. Null for none.</param>
    /// <param name="fault">Null without one.</param>
    internal static ReadOutcome Run<T>(
        ReadOnlyMemory<byte> body, ProtocolLimits limits, string xmlNamespace, Func<BodyReader, T?> read,
        out T? result, out byte[]? pooled, out ReadFault? fault)
        where T : class
    {
        result = null;
        pooled = null;
        fault = null;
        if (body.Length > limits.BodyBytesMax) fault = Placeless(ReadFaultReason.TooLarge);
        else if (body.IsEmpty) fault = Placeless(ReadFaultReason.Empty);
        if (fault is not null) return ReadOutcome.Fault;

        var scan = BodyScan.Scan(body.Span, limits);
        if (scan.Fault is { } reason)
        {
            fault = At(body.Span, scan.Offset, reason);
            return ReadOutcome.Fault;
        }

        // To keep the content away from XmlReader only saves time. Whenever that does not end well, XmlReader gets
        // all of it, and what it says counts: so places of faults are right, and content in a strange place is checked.
        if (scan.Content.Length > 0
            && TryOnce(body, scan.Content, limits, xmlNamespace, read, out result, out pooled, out _))
        {
            return ReadOutcome.Ok;
        }

        return TryOnce(body, default, limits, xmlNamespace, read, out result, out pooled, out fault)
            ? ReadOutcome.Ok
            : ReadOutcome.Fault;
    }

    private static bool TryOnce<T>(
        ReadOnlyMemory<byte> body, ContentSpan content, ProtocolLimits limits, string xmlNamespace,
        Func<BodyReader, T?> read, out T? result, out byte[]? pooled, out ReadFault? fault)
        where T : class
    {
        BodyReader? reader = null;
        result = null;
        try
        {
            reader = new BodyReader(body, content, limits, xmlNamespace); // reads the first bytes already
            reader.MoveToRoot();
            if (reader.Fault is null) result = read(reader);
            reader.Finish();
            fault = reader.Fault;
        }
        catch (XmlException e)
        {
            fault = new ReadFault(ReadFaultReason.NotWellFormed, e.LineNumber, e.LinePosition, Plain(e.Message));
        }
        finally
        {
            reader?.Dispose();
        }

        pooled = reader?.Pooled;
        if (fault is null && result is not null && (content.Length == 0 || reader!.IsContentTaken)) return true;
        if (pooled is not null) ArrayPool<byte>.Shared.Return(pooled);
        pooled = null;
        result = null;
        fault ??= Placeless(ReadFaultReason.UnknownRoot);
        return false;
    }

    private static ReadFault Placeless(ReadFaultReason reason) => new(reason, 0, 0, ReadFaults.Describe(reason).Text);

    private static ReadFault At(ReadOnlySpan<byte> body, int offset, ReadFaultReason reason)
    {
        var before = body[..Math.Min(offset, body.Length)];
        var line = before.Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return new ReadFault(reason, line, column, ReadFaults.Describe(reason).Text);
    }

    /// <summary>What XmlReader says may quote the sender: made fit for a quoted string in a header.</summary>
    private static string Plain(string message)
    {
        var place = message.LastIndexOf(" Line ", StringComparison.Ordinal);
        if (place > 0) message = message[..place];
        if (message.Length > FaultTextMax) message = message[..FaultTextMax];
        return string.Create(message.Length, message, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = text[i] is >= ' ' and <= '~' and not ('"' or '\\') ? text[i] : '?';
            }
        });
    }
}
