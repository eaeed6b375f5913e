using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using Conference.Protocol;

namespace Conference.Actors.Focus;

/// <summary>An entry that the manifest names.</summary>
internal sealed record SavedFileEntry(
    string Name, long Bytes, string Digest, PageRef Page, bool IsLayer, string? BoardDigest);

/// <summary>Reads <c>manifest.xml</c>. Unknown elements and attributes are skipped.</summary>
internal sealed record SavedFileManifest(SavedConference Conference, ImmutableArray<SavedFileEntry> Entries)
{
    /// <summary>Null when it is not well-formed, not valid, or of another version.</summary>
    internal static SavedFileManifest? TryRead(byte[] bytes, SavedFileLimits limits)
    {
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            using var xml = XmlReader.Create(stream, SavedFileFormat.ReaderSettings(limits.XmlBytesMax));
            xml.MoveToContent();
            if (xml.LocalName != "saved-conference" || xml.NamespaceURI != SavedFileFormat.Namespace) return null;
            return new Reading(xml).Read();
        }
        catch (Exception exception) when (exception is XmlException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private sealed class Reading(XmlReader xml)
    {
        private readonly ImmutableArray<SavedFileEntry>.Builder _entries =
            ImmutableArray.CreateBuilder<SavedFileEntry>();

        internal SavedFileManifest Read()
        {
            var conference = new SavedConference(
                ConferenceUri.Parse(Text("conference")), Number("revision"), xml.GetAttribute("subject"), []);
            var documents = ImmutableArray.CreateBuilder<SavedDocument>();
            while (xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Element && Is("document")) documents.Add(ReadDocument());
            }

            if (documents.DistinctBy(document => document.DocumentId).Count() != documents.Count)
            {
                throw new FormatException("A document comes twice");
            }

            return new SavedFileManifest(
                conference with { Documents = documents.ToImmutable() }, _entries.ToImmutable());
        }

        private SavedDocument ReadDocument()
        {
            var document = new SavedDocument(
                Text("id"), Text("name"), (int)Number("pages"), ParticipantUri.Parse(Text("sharer")), [], [],
                ImmutableDictionary<int, Board>.Empty);
            if (xml.IsEmptyElement) return document;
            var pages = ImmutableArray.CreateBuilder<PageDescriptor>();
            var missing = ImmutableArray.CreateBuilder<int>();
            var (lastPage, lastLayer) = (0, 0);
            var depth = xml.Depth;
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.NodeType != XmlNodeType.Element) continue;
                if (Is("missing")) missing.Add(PageOf(document, ref lastPage).Number);
                if (Is("page")) pages.Add(ReadPage(PageOf(document, ref lastPage)));
                if (Is("layer")) AddEntry(PageOf(document, ref lastLayer), isLayer: true);
            }

            return document with { Pages = pages.ToImmutable(), MissingPages = missing.ToImmutable() };
        }

        private PageDescriptor ReadPage(PageRef page)
        {
            AddEntry(page, isLayer: false);
            var descriptor = new PageDescriptor(
                page, (int)Number("width"), (int)Number("height"), Text("type"), (int)Number("bytes"), Text("digest"));
            return PageContentCheck.IsValid(descriptor, out var field)
                && SavedFileFormat.PageEntry(descriptor) == Text("entry")
                ? descriptor
                : throw new FormatException($"{page}: {field}");
        }

        private void AddEntry(PageRef page, bool isLayer) => _entries.Add(new SavedFileEntry(
            Text("entry"), Number("bytes"), Text("digest"), page, isLayer, isLayer ? Text("board") : null));

        /// <param name="document">What the page must be in.</param>
        /// <param name="last">Of its kind; numbers rise, so that no page comes twice, or is there and missing.</param>
        private PageRef PageOf(SavedDocument document, ref int last)
        {
            var number = Number("number");
            if (number <= last || number > document.PageCount) throw new FormatException($"Page {number}");
            last = (int)number;
            return new PageRef(document.DocumentId, last);
        }

        private bool Is(string name) => xml.LocalName == name && xml.NamespaceURI == SavedFileFormat.Namespace;

        private string Text(string name) => xml.GetAttribute(name) ?? throw new FormatException($"No {name}");

        private long Number(string name) =>
            long.Parse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture) is var number
            && (number <= int.MaxValue || name == "revision")
                ? number
                : throw new FormatException(name);
    }
}
