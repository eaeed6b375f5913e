using System.Globalization;
using System.Text;
using System.Xml;
using Conference.Protocol;

namespace Conference.Actors.Focus;

/// <summary>Writes <c>manifest.xml</c>; see docs/saved-file.md.</summary>
internal sealed class SavedFileManifestWriter : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly XmlWriter _xml;
    private bool _isInDocument;

    internal SavedFileManifestWriter(ConferenceState state)
    {
        _xml = XmlWriter.Create(_bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true });
        _xml.WriteStartElement("saved-conference", SavedFileFormat.Namespace);
        _xml.WriteAttributeString("conference", state.Uri.Value);
        _xml.WriteAttributeString("revision", Number(state.Revision));
        _xml.WriteAttributeString("created", Time(state.CreatedAt));
        _xml.WriteAttributeString("changed", Time(state.ChangedAt));
        if (state.Subject is { } subject) _xml.WriteAttributeString("subject", Printable(subject));
    }

    internal void BeginDocument(SharedDocument document)
    {
        EndDocument();
        _isInDocument = true;
        _xml.WriteStartElement("document", SavedFileFormat.Namespace);
        _xml.WriteAttributeString("id", document.DocumentId);
        _xml.WriteAttributeString("name", Printable(document.Name));
        _xml.WriteAttributeString("pages", Number(document.PageCount));
        _xml.WriteAttributeString("sharer", document.Sharer.Value);
    }

    /// <summary>A page with its content, or a missing one.</summary>
    internal void Page(int number, PageDescriptor? page)
    {
        _xml.WriteStartElement(page is null ? "missing" : "page", SavedFileFormat.Namespace);
        _xml.WriteAttributeString("number", Number(number));
        if (page is not null)
        {
            _xml.WriteAttributeString("width", Number(page.PixelWidth));
            _xml.WriteAttributeString("height", Number(page.PixelHeight));
            _xml.WriteAttributeString("type", page.MediaType);
            Entry(SavedFileFormat.PageEntry(page), page.ContentBytes, page.Digest);
        }

        _xml.WriteEndElement();
    }

    internal void Layer(int number, string name, byte[] content, Board board)
    {
        _xml.WriteStartElement("layer", SavedFileFormat.Namespace);
        _xml.WriteAttributeString("number", Number(number));
        _xml.WriteAttributeString("marks", Number(board.Marks.Count));
        _xml.WriteAttributeString("board", board.Digest.ToString());
        Entry(name, content.Length, ContentDigest.OfHex(content));
        _xml.WriteEndElement();
    }

    internal byte[] End()
    {
        EndDocument();
        _xml.WriteEndElement();
        _xml.Flush();
        return _bytes.ToArray();
    }

    public void Dispose()
    {
        _xml.Dispose();
        _bytes.Dispose();
    }

    private void EndDocument()
    {
        if (_isInDocument) _xml.WriteEndElement();
        _isInDocument = false;
    }

    private void Entry(string name, long bytes, string digest)
    {
        _xml.WriteAttributeString("entry", name);
        _xml.WriteAttributeString("bytes", Number(bytes));
        _xml.WriteAttributeString("digest", digest);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>XML 1.0 has no place for control characters and lone surrogates (2.2).</summary>
    private static string Printable(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                clean.Append(text[i]).Append(text[++i]);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }

        return clean.ToString();
    }
}
