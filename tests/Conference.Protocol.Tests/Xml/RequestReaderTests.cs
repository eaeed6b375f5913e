using System.Globalization;
using System.Text;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

public class RequestReaderTests
{
    private const string Ns = "xmlns='urn:ims-conference:sharing:1'";
    private static readonly string Sha = new('a', 64);

    [Theory]
    [InlineData("", ReadFaultReason.Empty)]
    [InlineData("   ", ReadFaultReason.NotWellFormed)]
    [InlineData("hello", ReadFaultReason.NotWellFormed)]
    [InlineData("<request", ReadFaultReason.NotWellFormed)]
    [InlineData("<request {ns} id='r'><turn document='d' page='1'></request>", ReadFaultReason.NotWellFormed)]
    [InlineData("<request {ns} id='r'><undo/></request><more/>", ReadFaultReason.NotWellFormed)]
    [InlineData("<request {ns} id='r'><undo/></request>junk", ReadFaultReason.NotWellFormed)]
    [InlineData("<request {ns} id='r' id='s'><undo/></request>", ReadFaultReason.NotWellFormed)]
    [InlineData("<request {ns} id='r'><say>&#0;</say></request>", ReadFaultReason.NotWellFormed)]
    [InlineData("<request {ns} id='r'><say>&nbsp;</say></request>", ReadFaultReason.NotWellFormed)]
    [InlineData("<request {ns} id='r'><x:undo/></request>", ReadFaultReason.NotWellFormed)]
    [InlineData("<!DOCTYPE request><request {ns} id='r'><undo/></request>", ReadFaultReason.DtdForbidden)]
    [InlineData("<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><request {ns} id='r'><say>&a;</say></request>",
        ReadFaultReason.DtdForbidden)]
    [InlineData("<?xml version='1.0' encoding='ISO-8859-1'?><request {ns}/>", ReadFaultReason.NotUtf8)]
    [InlineData("<?xml\tversion='1.0' encoding = \"utf-16\"?><request {ns}/>", ReadFaultReason.NotUtf8)]
    [InlineData("<request id='r'><undo/></request>", ReadFaultReason.UnknownNamespace)]
    [InlineData("<request xmlns='urn:ims-conference:sharing:2' id='r'/>", ReadFaultReason.UnknownNamespace)]
    [InlineData("<snapshot {ns} id='r'><undo/></snapshot>", ReadFaultReason.UnknownRoot)]
    [InlineData("<request {ns} id='r'/>", ReadFaultReason.MissingAction)]
    [InlineData("<request {ns} id='r'><undo xmlns='urn:x'/></request>", ReadFaultReason.MissingAction)]
    [InlineData("<request {ns} id='r'><undo/><undo/></request>", ReadFaultReason.SeveralActions)]
    [InlineData("<request {ns} id='r'><dance/></request>", ReadFaultReason.UnknownAction)]
    [InlineData("<request {ns} id='r'><Undo/></request>", ReadFaultReason.UnknownAction)]
    [InlineData("<request {ns} id='r'><operate document='d' page='1'><paint/></operate></request>",
        ReadFaultReason.UnknownAction)]
    [InlineData("<request {ns}><undo/></request>", ReadFaultReason.MissingAttribute)]
    [InlineData("<request {ns} id='r'><turn document='d'/></request>", ReadFaultReason.MissingAttribute)]
    [InlineData("<request {ns} id='r'><invite/></request>", ReadFaultReason.MissingContent)]
    [InlineData("<request {ns} id='r'><say/></request>", ReadFaultReason.MissingContent)]
    [InlineData("<request {ns} id='r'><say></say></request>", ReadFaultReason.MissingContent)]
    [InlineData("<request {ns} id='r'><operate document='d' page='1'/></request>", ReadFaultReason.MissingContent)]
    [InlineData("<request {ns} id=''><undo/></request>", ReadFaultReason.BadValue)]
    [InlineData("<request {ns} id='a b'><undo/></request>", ReadFaultReason.BadValue)]
    [InlineData("<request {ns} id='é'><undo/></request>", ReadFaultReason.BadValue)]
    [InlineData("<request {ns} id='a&#13;&#10;Via: x'><undo/></request>", ReadFaultReason.BadValue)]
    public void TryRead_NotInOrder_NamesTheReason(string xml, ReadFaultReason expected) => AssertFault(xml, expected);

    [Theory]
    [InlineData("<turn document='d' page='0'/>")]
    [InlineData("<turn document='d' page='-1'/>")]
    [InlineData("<turn document='d' page='5001'/>")]
    [InlineData("<turn document='d' page='1.0'/>")]
    [InlineData("<turn document='d' page='1e3'/>")]
    [InlineData("<turn document='d' page='NaN'/>")]
    [InlineData("<turn document='d' page=' 1'/>")]
    [InlineData("<turn document='d' page='+1'/>")]
    [InlineData("<turn document='d' page='١'/>")]
    [InlineData("<turn document='d' page=''/>")]
    [InlineData("<turn document='d' page='99999999999999999999999'/>")]
    [InlineData("<turn document='../d' page='1'/>")]
    [InlineData("<resync since='-1'/>")]
    [InlineData("<resync since='9223372036854775808'/>")]
    [InlineData("<remove uri='bob'/>")]
    [InlineData("<remove uri='http://b.c'/>")]
    [InlineData("<remove uri='sip:bob@b.c&#13;&#10;X: y'/>")]
    [InlineData("<remove uri='tel:+&#x661;'/>")]
    [InlineData("<set-role uri='sip:b@b.c' role='king'/>")]
    [InlineData("<set-default-rights rights='draw fly'/>")]
    [InlineData("<join own-events='yes'/>")]
    [InlineData("<join name='a&#13;&#10;b'/>")]
    [InlineData("<join name='a&#9;b'/>")]
    [InlineData("<join name='a&#x85;b'/>")]
    [InlineData("<share-document document='d' name='n' pages='0'/>")]
    [InlineData("<move-pointer document='d' page='1' point='1;2'/>")]
    [InlineData("<move-pointer document='d' page='1' point='NaN,1'/>")]
    [InlineData("<move-pointer document='d' page='1' point='1000001,1'/>")]
    [InlineData("<operate document='d' page='1'><add id='m' kind='star' points='0,0 1,1'/></operate>")]
    [InlineData("<operate document='d' page='1'><add id='m' kind='line' points='0,0 1,1' color='red'/></operate>")]
    [InlineData("<operate document='d' page='1'><add id='m' kind='line' points='0,0 1,1' color='ff0000'/></operate>")]
    [InlineData("<operate document='d' page='1'><add id='m' kind='line' points='0,0 1,1' color='#+f0000'/></operate>")]
    [InlineData("<operate document='d' page='1'><add id='m' kind='line' points='0,0 1,1' width='10001'/></operate>")]
    [InlineData("<operate document='d' page='1'><add id='m' kind='line' points='0,0 1,1' width='-1'/></operate>")]
    [InlineData("<operate document='d' page='1'><delete ids=''/></operate>")]
    [InlineData("<operate document='d' page='1'><delete ids='a b/c'/></operate>")]
    [InlineData("<operate document='d' page='1'><move ids='a' dx='1' dy='2000000'/></operate>")]
    public void TryRead_ValueOutOfRange_IsBadValue(string action) =>
        AssertFault(Request(action), ReadFaultReason.BadValue);

    [Theory]
    [InlineData("width='1'", "width='0'")]
    [InlineData("height='1'", "height='32768'")]
    [InlineData("image/png", "image/gif")]
    [InlineData("bytes='3'", "bytes='-1'")]
    [InlineData("bytes='3'", "bytes='16777217'")]
    [InlineData("sha256='", "sha256='0")]
    [InlineData("sha256='a", "sha256='A")]
    [InlineData("sha256", "part='2' sha256")]
    [InlineData("sha256", "part='0' parts='2' sha256")]
    [InlineData("sha256", "part='1' parts='1025' sha256")]
    public void TryRead_PageOutOfRange_IsBadValue(string right, string wrong)
    {
        var page = SharePage("AAEC", 3);
        Assert.Contains(right, page, StringComparison.Ordinal);
        AssertFault(Request(page.Replace(right, wrong, StringComparison.Ordinal)), ReadFaultReason.BadValue);
    }

    [Theory]
    [InlineData("line", "0,0")]
    [InlineData("line", "0,0 1,1 2,2")]
    [InlineData("text", "0,0 1,1 2,2")]
    [InlineData("freehand", "")]
    [InlineData("highlighter", "  ")]
    public void TryRead_WrongNumberOfPoints_NamesTheReason(string kind, string points) => AssertFault(
        Request($"<operate document='d' page='1'><add id='m' kind='{kind}' points='{points}'>x</add></operate>"),
        ReadFaultReason.WrongPointCount);

    [Theory]
    [InlineData("AA", 1, ReadFaultReason.BadBase64)]
    [InlineData("A?==", 1, ReadFaultReason.BadBase64)]
    [InlineData("AA==AA==", 2, ReadFaultReason.BadBase64)]
    [InlineData("\u4f1a\u8bae==", 2, ReadFaultReason.BadBase64)]
    [InlineData("AAAA", 2, ReadFaultReason.SizeMismatch)]
    [InlineData("AAAA", 4, ReadFaultReason.SizeMismatch)]
    [InlineData("", 1, ReadFaultReason.MissingContent)]
    [InlineData(" \n ", 1, ReadFaultReason.MissingContent)]
    public void TryRead_PageContentNotInOrder_NamesTheReason(string content, int bytes, ReadFaultReason expected) =>
        AssertFault(Request(SharePage(content, bytes)), expected);

    [Theory]
    [InlineData("AAEC")]
    [InlineData(" AA\r\n\tEC ")]
    [InlineData("AA<!-- more -->EC")]
    [InlineData("<![CDATA[AAEC]]>")]
    [InlineData("AA&#13;&#10;EC")]
    [InlineData("AA<more xmlns='urn:x'>zzz</more>EC")]
    public void TryRead_PageContentInAnyWriting_IsRead(string content)
    {
        // Short ones go through XmlReader; padded ones are decoded from the bytes where they are plain text.
        foreach (var padding in new[] { 0, 2_000 })
        {
            var xml = Request(SharePage(new string(' ', padding) + content, 3));
            RequestReader.TryRead(Encoding.UTF8.GetBytes(xml), ProtocolLimits.Default, out var request, out var fault);
            Assert.Null(fault);
            Assert.Equal([0, 1, 2], Assert.IsType<SharePage>(request!.Action).Content.ToArray());
        }
    }

    [Fact]
    public void TryRead_LargeContentInAnUnknownElement_IsNotTakenForThePage()
    {
        var big = Convert.ToBase64String(new byte[3_000]);
        var xml = Request($"<x:y xmlns:x='urn:x'><x:page>{big}</x:page></x:y>{SharePage("AAEC", 3)}");
        RequestReader.TryRead(Encoding.UTF8.GetBytes(xml), ProtocolLimits.Default, out var request, out _);
        Assert.Equal([0, 1, 2], Assert.IsType<SharePage>(request!.Action).Content.ToArray());

        var hidden = xml.Replace(big, big + "\u0001", StringComparison.Ordinal);
        AssertFault(hidden, ReadFaultReason.NotWellFormed);
    }

    [Fact]
    public void TryRead_UnknownElementsAndAttributes_AreSkipped()
    {
        var xml = "<!-- a --><?pi x?>"
            + "<c:request xmlns:c='urn:ims-conference:sharing:1' xmlns:x='urn:x' id='r' new='1' x:id='2'>"
            + "<x:undo><x:redo/>text</x:undo>"
            + "<c:turn document='d' page='3' speed='slow'><c:later><c:x/></c:later></c:turn>"
            + "<x:undo/></c:request>";
        RequestReader.TryRead(Encoding.UTF8.GetBytes(xml), ProtocolLimits.Default, out var request, out var fault);
        Assert.Null(fault);
        Assert.Equal(new ConferenceRequest("r", new TurnPage(new PageRef("d", 3))), request);
    }

    [Fact]
    public void TryRead_ListsSeparatedByAnyWhiteSpace_AreReadAsTheSchemaReadsThem()
    {
        var xml = Request("<operate document='d' page='1'><delete ids='a&#10;b&#9;c d'/>"
            + "<add id='m' kind='line' points='1,2&#13;&#10;3,4'/></operate>");
        Assert.Null(SchemaCheck.FirstFault(xml));

        RequestReader.TryRead(Encoding.UTF8.GetBytes(xml), ProtocolLimits.Default, out var request, out var fault);

        Assert.Null(fault);
        var operate = Assert.IsType<Operate>(request!.Action);
        Assert.Equal("a b c d", string.Join(' ', Assert.IsType<DeleteMarks>(operate.Operations[0]).MarkIds));
        Assert.Equal(
            [new(1, 2), new(3, 4)], Assert.IsType<AddMark>(operate.Operations[1]).Mark.Points.AsEnumerable());
    }

    [Fact]
    public void TryRead_ByteOrderMarkAndDeclaration_AreAllowed()
    {
        var xml = $"\uFEFF<?xml version='1.0' encoding='utf-8' standalone='yes'?>\r\n{Request("<undo/>")}\r\n";
        RequestReader.TryRead(Encoding.UTF8.GetBytes(xml), ProtocolLimits.Default, out var request, out _);
        Assert.Equal(new ConferenceRequest("r", new Undo()), request);
    }

    [Fact]
    public void TryRead_InvalidUtf8_IsNotWellFormed()
    {
        var bytes = Encoding.Latin1.GetBytes($"<request {Ns} id='r'><say>caf\u00e9</say></request>");
        RequestReader.TryRead(bytes, ProtocolLimits.Default, out _, out var fault);
        Assert.Equal(ReadFaultReason.NotWellFormed, fault!.Reason);
    }

    [Fact]
    public void TryRead_InvalidUtf8AfterAByteOrderMark_IsNotWellFormed()
    {
        // Found by mutation: XmlReader reads, and throws, when it is made.
        RequestReader.TryRead((byte[])[0xEF, 0xBB, 0xBF, 0x90], ProtocolLimits.Default, out _, out var fault);
        Assert.Equal(ReadFaultReason.NotWellFormed, fault!.Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryRead_Utf16_IsNotUtf8(bool hasMark)
    {
        var text = Request("<undo/>");
        var bytes = Encoding.Unicode.GetBytes(hasMark ? "\uFEFF" + text : text);
        RequestReader.TryRead(bytes, ProtocolLimits.Default, out _, out var fault);
        Assert.Equal(ReadFaultReason.NotUtf8, fault!.Reason);
    }

    [Fact]
    public void TryRead_Fault_SaysWhereAndIsFitForAHeader()
    {
        var xml = $"<request {Ns} id='r'>\n  <turn\n document='d' page='0'/>\n</request>";
        RequestReader.TryRead(Encoding.UTF8.GetBytes(xml), ProtocolLimits.Default, out _, out var fault);
        Assert.Equal(2, fault!.Line);
        Assert.Equal("Attribute page must be a whole number from 1 to 5000 (line 2, column 4)", fault.ToString());

        RequestReader.TryRead(Encoding.UTF8.GetBytes("<会\"x>"), ProtocolLimits.Default, out _, out fault);
        Assert.DoesNotContain(fault!.Text, c => c is < ' ' or > '~' or '"' or '\\');
    }

    [Fact]
    public void TryRead_BeyondLimitsOfValues_NamesTheReason()
    {
        AssertFault(Request($"<say>{new string('x', 4_097)}</say>"), ReadFaultReason.ValueTooLong);
        AssertFault(Request($"<join name='{new string('x', 257)}'/>"), ReadFaultReason.ValueTooLong);
        AssertFault(Request($"<join name='{new string('x', 70_000)}'/>"), ReadFaultReason.ValueTooLong);
        AssertFault(Request(Add(Repeat("1,1 ", 4_001), "freehand")), ReadFaultReason.TooManyPoints);
        AssertFault(
            Request($"<operate document='d' page='1'>{Repeat("<clear/>", 1_025)}</operate>"),
            ReadFaultReason.TooManyMarks);
        AssertFault(
            Request($"<operate document='d' page='1'><delete ids='{Repeat("a ", 1_025)}'/></operate>"),
            ReadFaultReason.TooManyMarks);
        AssertFault(
            Request($"<invite>{Repeat("<member uri='sip:a@b.c'/>", 10_001)}</invite>"), ReadFaultReason.TooManyMembers);
        var picture = Convert.ToBase64String(new byte[(256 * 1024) + 1]);
        AssertFault(
            Request("<operate document='d' page='1'><add id='m' kind='image' points='0,0 1,1' type='image/png'>"
                + picture + "</add></operate>"),
            ReadFaultReason.SizeMismatch);
    }

    [Fact]
    public void TryRead_AtTheLimits_IsRead()
    {
        AssertRead(Request($"<say>{new string('x', 4_096)}</say>"));
        AssertRead(Request(Add(Repeat("100000,100000 ", 4_000).TrimEnd(), "freehand")));
        AssertRead(Request($"<operate document='d' page='1'>{Repeat("<clear/>", 1_024)}</operate>"));
        AssertRead(Request($"<invite>{Repeat("<member uri='sip:a@b.c'/>", 10_000)}</invite>"));
    }

    private static string Add(string points, string kind) =>
        $"<operate document='d' page='1'><add id='m' kind='{kind}' points='{points}'/></operate>";

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static string Request(string action) => $"<request {Ns} id='r'>{action}</request>";

    private static string SharePage(string content, int bytes) => string.Create(
        CultureInfo.InvariantCulture,
        $"<share-page document='d' page='1' width='1' height='1' type='image/png' bytes='{bytes}' sha256='{Sha}'>")
        + content + "</share-page>";

    private static void AssertRead(string xml)
    {
        RequestReader.TryRead(Encoding.UTF8.GetBytes(xml), ProtocolLimits.Default, out _, out var fault);
        Assert.Null(fault);
    }

    private static void AssertFault(string xml, ReadFaultReason expected)
    {
        xml = xml.Replace("{ns}", Ns, StringComparison.Ordinal);
        var outcome = RequestReader.TryRead(
            Encoding.UTF8.GetBytes(xml), ProtocolLimits.Default, out var request, out var fault);
        Assert.Equal(ReadOutcome.Fault, outcome);
        Assert.Null(request);
        Assert.Equal(expected, fault!.Reason);
    }
}
