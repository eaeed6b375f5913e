using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Protocol.Requests;

namespace Conference.Protocol.Xml;

/// <summary>The children of <c>operate</c>: <c>add modify move delete clear</c>.</summary>
internal static class OperationXml
{
    /// <summary>Ten page widths: beyond, no mark could stay on the page.</summary>
    private const int ShiftMax = 1_000_000;

    internal static Utf8XmlWriter Write(Utf8XmlWriter xml, ImmutableArray<MarkOperation> operations)
    {
        foreach (var operation in operations)
        {
            switch (operation)
            {
                case AddMark add:
                    xml.Mark("add", add.Mark);
                    break;
                case ModifyMark modify:
                    xml.Mark("modify", modify.Mark);
                    break;
                case MoveMarks move:
                    xml.Start("move").Attribute("ids", string.Join(' ', move.MarkIds))
                        .Attribute("dx", move.Dx).Attribute("dy", move.Dy).End("move");
                    break;
                case DeleteMarks delete:
                    xml.Start("delete").Attribute("ids", string.Join(' ', delete.MarkIds)).End("delete");
                    break;
                case ClearPage:
                    xml.Start("clear").End("clear");
                    break;
                default:
                    throw new UnreachableException($"No element for {operation.GetType().Name}");
            }
        }

        return xml;
    }

    internal static ImmutableArray<MarkOperation> Read(BodyReader body)
    {
        var operations = ImmutableArray.CreateBuilder<MarkOperation>();
        var depth = body.Depth;
        while (body.NextChild(depth))
        {
            if (ReadOne(body) is not { } operation) continue;
            if (operations.Count >= body.Limits.MarksPerOperationMax) body.Fail(ReadFaultReason.TooManyMarks);
            operations.Add(operation);
        }

        if (operations.Count == 0) body.Fail(ReadFaultReason.MissingContent, "There is no operation");
        return operations.DrainToImmutable();
    }

    /// <returns>Null for an operation that this version does not know.</returns>
    private static MarkOperation? ReadOne(BodyReader body) => body.Name switch
    {
        "add" => new AddMark(body.Mark()),
        "modify" => new ModifyMark(body.Mark()),
        "move" => new MoveMarks(
            Ids(body), body.Int("dx", -ShiftMax, ShiftMax), body.Int("dy", -ShiftMax, ShiftMax)),
        "delete" => new DeleteMarks(Ids(body)),
        "clear" => new ClearPage(),
        _ => Unknown(body),
    };

    private static ImmutableArray<string> Ids(BodyReader body)
    {
        var ids = body.Ids("ids");
        if (ids.Length > body.Limits.MarksPerOperationMax) body.Fail(ReadFaultReason.TooManyMarks);
        return ids;
    }

    /// <summary>To skip an operation would draw something else than was meant: unlike other unknown elements, an
    /// unknown operation is refused.</summary>
    private static MarkOperation? Unknown(BodyReader body)
    {
        body.Fail(ReadFaultReason.UnknownAction, "Unknown operation");
        return null;
    }
}
