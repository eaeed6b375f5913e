using System.Diagnostics;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>The words that stand for closed values in the XML. They are on disk and in clients: never change one.
/// </summary>
internal static class Words
{
    private static readonly (Rights Right, string Word)[] RightWords =
    [
        (Rights.Share, "share"), (Rights.Draw, "draw"), (Rights.Turn, "turn"), (Rights.EditOthers, "edit-others"),
        (Rights.Manage, "manage"),
    ];

    internal static string Of(MarkKind kind) => kind switch
    {
        MarkKind.Line => "line",
        MarkKind.Arrow => "arrow",
        MarkKind.Freehand => "freehand",
        MarkKind.Highlighter => "highlighter",
        MarkKind.Rectangle => "rectangle",
        MarkKind.Ellipse => "ellipse",
        MarkKind.Text => "text",
        MarkKind.Image => "image",
        _ => throw new UnreachableException($"No word for {kind}"),
    };

    internal static MarkKind? ToKind(string word) => word switch
    {
        "line" => MarkKind.Line,
        "arrow" => MarkKind.Arrow,
        "freehand" => MarkKind.Freehand,
        "highlighter" => MarkKind.Highlighter,
        "rectangle" => MarkKind.Rectangle,
        "ellipse" => MarkKind.Ellipse,
        "text" => MarkKind.Text,
        "image" => MarkKind.Image,
        _ => null,
    };

    internal static string Of(Role role) => role switch
    {
        Role.Observer => "observer",
        Role.Participant => "participant",
        Role.Presenter => "presenter",
        Role.Chair => "chair",
        _ => throw new UnreachableException($"No word for {role}"),
    };

    internal static Role? ToRole(string word) => word switch
    {
        "observer" => Role.Observer,
        "participant" => Role.Participant,
        "presenter" => Role.Presenter,
        "chair" => Role.Chair,
        _ => null,
    };

    internal static string Of(LeaveReason reason) => reason switch
    {
        LeaveReason.Left => "left",
        LeaveReason.Removed => "removed",
        _ => throw new UnreachableException($"No word for {reason}"),
    };

    internal static LeaveReason? ToLeaveReason(string word) => word switch
    {
        "left" => LeaveReason.Left,
        "removed" => LeaveReason.Removed,
        _ => null,
    };

    internal static string Of(BoardChangeCause cause) => cause switch
    {
        BoardChangeCause.Operation => "operation",
        BoardChangeCause.Undo => "undo",
        BoardChangeCause.Redo => "redo",
        _ => throw new UnreachableException($"No word for {cause}"),
    };

    internal static BoardChangeCause? ToCause(string word) => word switch
    {
        "operation" => BoardChangeCause.Operation,
        "undo" => BoardChangeCause.Undo,
        "redo" => BoardChangeCause.Redo,
        _ => null,
    };

    /// <summary>A list of words separated by spaces, empty for none.</summary>
    internal static string Of(Rights rights)
    {
        var words = string.Empty;
        foreach (var (right, word) in RightWords)
        {
            if (rights.HasFlag(right)) words = words.Length == 0 ? word : $"{words} {word}";
        }

        return words;
    }

    internal static Rights? ToRights(string words)
    {
        var rights = Rights.None;
        foreach (var range in words.AsSpan().SplitAny(BodyReader.ListSeparators))
        {
            var word = words.AsSpan(range);
            if (word.IsEmpty) continue;
            if (RightOf(word) is not { } right) return null;
            rights |= right;
        }

        return rights;
    }

    private static Rights? RightOf(ReadOnlySpan<char> word)
    {
        foreach (var (right, known) in RightWords)
        {
            if (word.SequenceEqual(known)) return right;
        }

        return null;
    }
}
