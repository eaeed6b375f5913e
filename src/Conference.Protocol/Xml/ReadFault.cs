using System.Diagnostics;

namespace Conference.Protocol.Xml;

/// <summary>Whether a body could be read.</summary>
public enum ReadOutcome
{
    /// <summary>Yes.</summary>
    Ok,

    /// <summary>No; the <see cref="ReadFault"/> says why.</summary>
    Fault,
}

/// <summary>Why a body is refused. Closed: every one has a label and a test.</summary>
public enum ReadFaultReason
{
    /// <summary>There is no body.</summary>
    Empty,

    /// <summary>More bytes than <see cref="ProtocolLimits.BodyBytesMax"/>.</summary>
    TooLarge,

    /// <summary>Another encoding than UTF-8, by its mark or by its declaration.</summary>
    NotUtf8,

    /// <summary>Not well-formed XML 1.0 with namespaces.</summary>
    NotWellFormed,

    /// <summary>There is a document type declaration.</summary>
    DtdForbidden,

    /// <summary>More levels than <see cref="ProtocolLimits.DepthMax"/>.</summary>
    TooDeep,

    /// <summary>More attributes on one element than <see cref="ProtocolLimits.AttributesMax"/>.</summary>
    TooManyAttributes,

    /// <summary>More elements than <see cref="ProtocolLimits.ElementsMax"/>.</summary>
    TooManyElements,

    /// <summary>A longer name than <see cref="ProtocolLimits.NameBytesMax"/>, or a reference of more than 32 bytes.
    /// </summary>
    NameTooLong,

    /// <summary>A longer tag than <see cref="ProtocolLimits.TagBytesMax"/>.</summary>
    TagTooLong,

    /// <summary>A longer value or text than the limit for it.</summary>
    ValueTooLong,

    /// <summary>Another namespace, or another version of it, than this program speaks.</summary>
    UnknownNamespace,

    /// <summary>The root element is none that may come from this side.</summary>
    UnknownRoot,

    /// <summary>A request for something unknown.</summary>
    UnknownAction,

    /// <summary>A request without an action.</summary>
    MissingAction,

    /// <summary>A request with two actions.</summary>
    SeveralActions,

    /// <summary>A required attribute is absent.</summary>
    MissingAttribute,

    /// <summary>A required child element or text is absent.</summary>
    MissingContent,

    /// <summary>A value of another form, or out of its range.</summary>
    BadValue,

    /// <summary>Content that is no Base64.</summary>
    BadBase64,

    /// <summary>Content of another size than announced, or larger than may be.</summary>
    SizeMismatch,

    /// <summary>More operations, or marks in one, than <see cref="ProtocolLimits.MarksPerOperationMax"/>.</summary>
    TooManyMarks,

    /// <summary>More points than <see cref="ProtocolLimits.PointsPerMarkMax"/>.</summary>
    TooManyPoints,

    /// <summary>Another number of points than the kind of the mark has.</summary>
    WrongPointCount,

    /// <summary>More members than <see cref="ProtocolLimits.MembersMax"/>.</summary>
    TooManyMembers,
}

/// <summary>What is wrong with a body.</summary>
/// <param name="Reason">Which rule it breaks.</param>
/// <param name="Line">From 1; 0 when the fault has no place.</param>
/// <param name="Column">From 1, in characters; 0 when the fault has no place.</param>
/// <param name="Text">For the Warning header: plain ASCII, without quotes or control characters, at most 200
/// characters.</param>
public sealed record ReadFault(ReadFaultReason Reason, int Line, int Column, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"{Text} (line {Line}, column {Column})" : Text;
}

/// <summary>Turns a reason into what a sender and an operator see.</summary>
public static class ReadFaults
{
    /// <summary>SIP status, metric label (also the name in docs/protocol.md) and text of a reason.</summary>
    public static (int Status, string Label, string Text) Describe(ReadFaultReason reason) => reason switch
    {
        ReadFaultReason.Empty => (400, "body_empty", "There is no body"),
        ReadFaultReason.TooLarge => (413, "body_too_large", "The body is too large"),
        ReadFaultReason.NotUtf8 => (400, "body_not_utf8", "The body is not UTF-8"),
        ReadFaultReason.NotWellFormed => (400, "body_not_well_formed", "The body is not well-formed XML"),
        ReadFaultReason.DtdForbidden => (400, "body_dtd", "A document type declaration is not allowed"),
        ReadFaultReason.TooDeep => (400, "body_too_deep", "Too many levels of elements"),
        ReadFaultReason.TooManyAttributes => (400, "body_too_many_attributes", "Too many attributes on one element"),
        ReadFaultReason.TooManyElements => (400, "body_too_many_elements", "Too many elements"),
        ReadFaultReason.NameTooLong => (400, "body_name_too_long", "A name is too long"),
        ReadFaultReason.TagTooLong => (400, "body_tag_too_long", "A tag is too long"),
        ReadFaultReason.ValueTooLong => (400, "body_value_too_long", "A value is too long"),
        ReadFaultReason.UnknownNamespace => (400, "body_unknown_namespace", "Unknown namespace or version"),
        ReadFaultReason.UnknownRoot => (400, "body_unknown_root", "Unknown root element"),
        ReadFaultReason.UnknownAction => (400, "body_unknown_action", "Unknown action"),
        ReadFaultReason.MissingAction => (400, "body_missing_action", "The request has no action"),
        ReadFaultReason.SeveralActions => (400, "body_several_actions", "The request has more than one action"),
        ReadFaultReason.MissingAttribute => (400, "body_missing_attribute", "A required attribute is missing"),
        ReadFaultReason.MissingContent => (400, "body_missing_content", "A required element or text is missing"),
        ReadFaultReason.BadValue => (400, "body_bad_value", "A value is not allowed"),
        ReadFaultReason.BadBase64 => (400, "body_bad_base64", "The content is not Base64"),
        ReadFaultReason.SizeMismatch => (400, "body_size_mismatch", "The content has another size than announced"),
        ReadFaultReason.TooManyMarks => (400, "body_too_many_marks", "Too many marks in one request"),
        ReadFaultReason.TooManyPoints => (400, "body_too_many_points", "Too many points in one mark"),
        ReadFaultReason.WrongPointCount => (400, "body_wrong_point_count", "Wrong number of points for this mark"),
        ReadFaultReason.TooManyMembers => (400, "body_too_many_members", "Too many members in one request"),
        _ => throw new UnreachableException($"No description for {reason}"),
    };
}
