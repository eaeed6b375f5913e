using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Demo;

/// <summary>A saved file, opened again from its bytes alone, as docs/saved-file.md describes it: by another reader than
/// the server's.</summary>
/// <param name="Pages">Digest of each page; its content in the file has been checked against it.</param>
/// <param name="Boards">Marks of each page that has any; checked against their digests.</param>
/// <param name="MissingPages">How many pages nobody could deliver.</param>
internal sealed record SavedConference(
    ImmutableDictionary<PageRef, string> Pages, ImmutableDictionary<PageRef, Board> Boards, int MissingPages)
{
    private static readonly XNamespace Saved = "urn:ims-conference:saved-file:1";

    /// <summary>Opens a file and checks all of it.</summary>
    /// <exception cref="DemoException">Something in it is not what its manifest says.</exception>
    public static SavedConference Read(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        var entries = zip.Entries.ToDictionary(entry => entry.FullName, Unpack);
        if (!entries.TryGetValue("manifest.xml", out var manifest))
        {
            throw new DemoException("the saved file has no manifest");
        }

        var root = XDocument.Load(new MemoryStream(manifest)).Root!;
        var pages = ImmutableDictionary.CreateBuilder<PageRef, string>();
        var boards = ImmutableDictionary.CreateBuilder<PageRef, Board>();
        foreach (var document in root.Elements(Saved + "document"))
        {
            var id = document.Attribute("id")!.Value;
            foreach (var page in document.Elements(Saved + "page"))
            {
                Checked(entries, page);
                pages[PageOf(id, page)] = page.Attribute("digest")!.Value;
            }

            foreach (var layer in document.Elements(Saved + "layer"))
            {
                boards[PageOf(id, layer)] = BoardOf(Checked(entries, layer), layer.Attribute("board")!.Value);
            }
        }

        return new SavedConference(
            pages.ToImmutable(), boards.ToImmutable(), root.Descendants(Saved + "missing").Count());
    }

    private static PageRef PageOf(string document, XElement element) =>
        new(document, int.Parse(element.Attribute("number")!.Value, CultureInfo.InvariantCulture));

    private static byte[] Unpack(ZipArchiveEntry entry)
    {
        using var from = entry.Open();
        using var to = new MemoryStream();
        from.CopyTo(to);
        return to.ToArray();
    }

    private static byte[] Checked(Dictionary<string, byte[]> entries, XElement named)
    {
        var name = named.Attribute("entry")!.Value;
        if (!entries.TryGetValue(name, out var content)) throw new DemoException($"the saved file lacks {name}");
        if (ContentDigest.OfHex(content) == named.Attribute("digest")!.Value) return content;
        throw new DemoException($"{name} in the saved file is not what the manifest says");
    }

    private static Board BoardOf(byte[] layer, string digest)
    {
        var read = ServerMessageReader.TryRead(layer, ProtocolLimits.Default, out var message, out var fault);
        if (read != ReadOutcome.Ok || message is not Snapshot { Boards: [var state] })
        {
            throw new DemoException($"a layer of the saved file cannot be read: {fault}");
        }

        var board = Board.Of(state.Marks);
        return board.Digest.ToString() == digest
            ? board
            : throw new DemoException("a layer of the saved file has not the digest that the manifest says");
    }
}
