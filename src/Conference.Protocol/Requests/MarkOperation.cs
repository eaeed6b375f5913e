using System.Collections.Immutable;

namespace Conference.Protocol.Requests;

/// <summary>One change of a page's marks, as a participant asks for it.</summary>
public abstract record MarkOperation;

/// <summary>Put a new mark on top.</summary>
public sealed record AddMark(Mark Mark) : MarkOperation;

/// <summary>Replace a mark's shape and look, keeping id, owner and place in the stack.</summary>
public sealed record ModifyMark(Mark Mark) : MarkOperation;

/// <summary>Shift marks. A mark that would leave the page is refused.</summary>
/// <param name="MarkIds">At least one.</param>
/// <param name="Dx">In 1/100,000 of the page width.</param>
/// <param name="Dy">In 1/100,000 of the page height.</param>
public sealed record MoveMarks(ImmutableArray<string> MarkIds, int Dx, int Dy) : MarkOperation;

/// <summary>Remove marks.</summary>
public sealed record DeleteMarks(ImmutableArray<string> MarkIds) : MarkOperation;

/// <summary>Remove all marks of the page; of one's own only, without <see cref="Rights.EditOthers"/>.</summary>
public sealed record ClearPage : MarkOperation;
