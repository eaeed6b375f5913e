using Conference.Actors.Focus;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Actors.Tests.Focus;

/// <summary>Compares states by everything that they hold.</summary>
internal static class StateAssert
{
    internal static void Same(ConferenceState expected, ConferenceState actual, bool withHashes = false)
    {
        Assert.Equal(
            ServerMessageWriter.Write(expected.ToSnapshot()), ServerMessageWriter.Write(actual.ToSnapshot()));
        Assert.Equal(
            (expected.Uri, expected.Revision, expected.CreatedAt, expected.ChangedAt, expected.HasEnded),
            (actual.Uri, actual.Revision, actual.CreatedAt, actual.ChangedAt, actual.HasEnded));
        Assert.Equal(expected.AwaitedTurns.AsEnumerable(), actual.AwaitedTurns);
        Assert.Equal(expected.AwaitedSaves.AsEnumerable(), actual.AwaitedSaves);
        foreach (var (page, board) in expected.Boards) Assert.Equal(board.Digest, actual.BoardOf(page).Digest);
        Assert.Equal(
            expected.MarkBytes.Where(page => page.Value > 0).ToDictionary(),
            actual.MarkBytes.Where(page => page.Value > 0).ToDictionary());
        Assert.Equal(Histories(expected), Histories(actual));
        Assert.Equal(Requests(expected, withHashes), Requests(actual, withHashes));
        foreach (var document in expected.Documents.Values)
        {
            Assert.Equal(
                document.Pages.OrderBy(page => page.Key),
                actual.Documents[document.DocumentId].Pages.OrderBy(page => page.Key));
        }
    }

    private static List<string> Histories(ConferenceState state) =>
        [.. state.Histories.OrderBy(each => each.Key.Value, StringComparer.Ordinal).Select(each =>
            $"{each.Key}: {Edits(each.Value.Done)} / {Edits(each.Value.Undone)}")
            .Where(line => !line.EndsWith(":  / ", StringComparison.Ordinal))];

    private static string Edits(IEnumerable<PageEdit> edits) => string.Join(
        "; ", edits.Select(edit => $"{edit.Page} " + string.Join(", ", edit.Edits.Select(each =>
            $"{each.MarkId} {each.Before?.GetHashCode()}>{each.After?.GetHashCode()}"))));

    private static List<string> Requests(ConferenceState state, bool withHashes) =>
        [.. state.Requests.OrderBy(each => each.Key.Value, StringComparer.Ordinal).SelectMany(each =>
            each.Value.OldestFirst.Select(request =>
                $"{each.Key} {request.Key} {request.Value.Revision} {(withHashes ? request.Value.ContentHash : 0)}"))];
}
