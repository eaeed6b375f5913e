using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Conference.Client.Model;
using Conference.Client.Pages;
using Conference.Protocol;

namespace Demo;

/// <summary>The end of the demo: the table, and whether everybody has the same.</summary>
/// <param name="IsGood">Same board at every living participant and in the saved file.</param>
/// <param name="Lines">The table.</param>
internal sealed record Verdict(bool IsGood, ImmutableArray<string> Lines)
{
    private static readonly CompositeFormat Row =
        CompositeFormat.Parse("{0,-10} {1,-5} {2,9} {3,7} {4,6} {5,-14} {6,7} {7,8} {8,8}  {9}");

    /// <summary>Compares everybody with the sharer.</summary>
    public static Verdict Of(
        ImmutableArray<Participant> living, Participant sharer, IReadOnlyList<FolderPageSource> documents,
        SavedConference saved)
    {
        var expected = sharer.Session.Model;
        var pages = PagesOf(documents);
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add(string.Empty);
        lines.Add(Format(
            "who", "path", "revision", "pages", "marks", "board digest", "events", "p50 ms", "p99 ms", string.Empty));
        var isGood = true;
        foreach (var participant in living)
        {
            var model = participant.Session.Model;
            var equal = pages.Count(page => HasPage(participant, page.Key, page.Value));
            var isSame = model.Revision == expected.Revision && equal == pages.Count
                && model.DigestOfAllBoards() == expected.DigestOfAllBoards();
            isGood &= isSame;
            var latencies = participant.LatenciesMs;
            lines.Add(Format(
                participant.Name, participant.Transport.ToString().ToUpperInvariant(), $"1..{model.Revision}",
                $"{equal}/{pages.Count}", model.MarkCount, model.DigestOfAllBoards()[..12], latencies.Length,
                Percentile(latencies, 0.50), Percentile(latencies, 0.99),
                isSame ? participant.Note : $"{participant.Note} DIFFERS".Trim()));
        }

        lines.Add(Format("dispatch", "TCP", "-", "-", "-", "-", "-", "-", "-", "killed, never came back"));
        var isSaved = IsSame(saved, expected, pages);
        lines.Add(Format("saved file", "HTTP", "-", $"{saved.Pages.Count}/{pages.Count}",
            saved.Boards.Values.Sum(board => board.Marks.Count), (expected with { Boards = saved.Boards })
                .DigestOfAllBoards()[..12], "-", "-", "-", isSaved ? "re-opened" : "DIFFERS"));
        lines.Add(string.Empty);
        return new Verdict(isGood && isSaved, lines.ToImmutable());
    }

    private static bool HasPage(Participant participant, PageRef page, string digest) =>
        participant.Session.Model.Documents.GetValueOrDefault(page.DocumentId)?.Pages.GetValueOrDefault(page.Number)
            is { } known
        && known.Digest == digest && participant.Session.Pages.TryGet(digest, out var content)
        && ContentDigest.OfHex(content.Span) == digest;

    private static bool IsSame(SavedConference saved, ConferenceModel expected, Dictionary<PageRef, string> pages) =>
        saved.MissingPages == 0 && saved.Pages.Count == pages.Count
        && pages.All(page => saved.Pages.GetValueOrDefault(page.Key) == page.Value)
        && (expected with { Boards = saved.Boards }).DigestOfAllBoards() == expected.DigestOfAllBoards();

    /// <summary>From the files that the sharer has, not from what anybody was sent.</summary>
    private static Dictionary<PageRef, string> PagesOf(IReadOnlyList<FolderPageSource> documents) => (
        from document in documents
        from number in Enumerable.Range(1, document.PageCount)
        let image = document.ReadPageAsync(number, CancellationToken.None).AsTask().GetAwaiter().GetResult()
        select KeyValuePair.Create(
            new PageRef(document.DocumentId, number), ContentDigest.OfHex(image.Content.Span))).ToDictionary();

    private static string Percentile(double[] sorted, double share) => sorted.Length == 0
        ? "-"
        : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)]
            .ToString("F1", CultureInfo.InvariantCulture);

    private static string Format(params object[] cells) =>
        string.Format(CultureInfo.InvariantCulture, Row, cells).TrimEnd();
}
