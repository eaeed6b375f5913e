using System.Text;
using CsCheck;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

public class BodyScanTests
{
    private static readonly ProtocolLimits Large = new() { BodyBytesMax = 32 * 1024 * 1024 };

    [Fact]
    public void Scan_HundredLevels_IsTooDeep() => AssertFault(
        string.Concat(Enumerable.Repeat("<a>", 100)) + string.Concat(Enumerable.Repeat("</a>", 100)),
        ReadFaultReason.TooDeep);

    [Fact]
    public void Scan_LevelsAtTheLimit_ArePassed()
    {
        var xml = string.Concat(Enumerable.Repeat("<a>", 16)) + string.Concat(Enumerable.Repeat("</a>", 16));
        Assert.Null(BodyScan.Scan(Encoding.UTF8.GetBytes(xml), Large).Fault);
    }

    [Fact]
    public void Scan_MillionAttributes_StopsAtTheLimitWithoutGarbage()
    {
        var xml = new StringBuilder("<request");
        for (var i = 0; i < 1_000_000; i++) xml.Append(" a").Append(i).Append("=''");
        var body = Encoding.UTF8.GetBytes(xml.Append("/>").ToString());
        RequestReader.TryRead(body, Large, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        RequestReader.TryRead(body, Large, out _, out var fault);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(ReadFaultReason.TooManyAttributes, fault!.Reason);
        Assert.InRange(allocated, 0, 2_000);
    }

    [Fact]
    public void Scan_LongNames_AreRefused()
    {
        var name = new string('n', 129);
        AssertFault($"<{name}/>", ReadFaultReason.NameTooLong);
        AssertFault($"<a {name}='1'/>", ReadFaultReason.NameTooLong);
        AssertFault($"<{new string('n', 1_000_000)}", ReadFaultReason.NameTooLong);
        name = new string('n', 128);
        Assert.Null(BodyScan.Scan(Encoding.UTF8.GetBytes($"<{name} {name} = '1'/>"), Large).Fault);
    }

    [Fact]
    public void Scan_ManyElements_AreRefused() =>
        AssertFault($"<a>{string.Concat(Enumerable.Repeat("<a/>", 20_000))}</a>", ReadFaultReason.TooManyElements);

    [Fact]
    public void Scan_WhatXmlReaderTakesTooLongFor_IsRefused()
    {
        // Found by measurement: XmlReader took 40 to 490 ms for each of these.
        var spaces = new string(' ', 1_000_000);
        AssertFault($"<a{spaces}/>", ReadFaultReason.TagTooLong);
        AssertFault($"<a{spaces}", ReadFaultReason.TagTooLong);
        AssertFault($"<a b='1'{spaces}", ReadFaultReason.TagTooLong);
        AssertFault($"<a></a{spaces}>", ReadFaultReason.TagTooLong);
        AssertFault($"<a></a{spaces}", ReadFaultReason.TagTooLong);
        AssertFault($"<?xml version='1.0'{spaces}?><a/>", ReadFaultReason.TagTooLong);
        var zeros = new string('0', 1_000_000);
        AssertFault($"<a>&#{zeros}65;</a>", ReadFaultReason.NameTooLong);
        AssertFault($"<a>&#{zeros}", ReadFaultReason.NameTooLong);
        AssertFault($"<a b='&#{zeros[..60_000]}65;'/>", ReadFaultReason.NameTooLong);
        AssertFault($"<a b='{zeros}", ReadFaultReason.ValueTooLong);
    }

    [Fact]
    public void Scan_ReferencesOfAnyUsualLength_ArePassed() => Assert.Null(BodyScan.Scan(
        Encoding.UTF8.GetBytes("<a b='&amp;&#x0010FFFF;&#0000000065;'>&lt;&quot;&#13;&amp;</a>"), Large).Fault);

    [Theory]
    [InlineData("<a><!-- <b c='1' <d>> <!DOCTYPE --></a>")]
    [InlineData("<a><![CDATA[<b><c><!DOCTYPE x>]]></a>")]
    [InlineData("<a><?pi <b><c> '?></a>")]
    [InlineData("<a b='<>' c=\"'/>\"/>")]
    public void Scan_MarkupThatIsNone_IsNotCounted(string xml)
    {
        var limits = new ProtocolLimits { DepthMax = 1, ElementsMax = 1, AttributesMax = 2 };
        Assert.Null(BodyScan.Scan(Encoding.UTF8.GetBytes(xml), limits).Fault);
    }

    [Fact]
    public void Scan_AnyBytes_Ends() => Gen.OneOf(Gen.Byte, Gen.Char["<>/='\"!-[]?& a"].Select(c => (byte)c))
        .Array[0, 300].Sample(
        body =>
        {
            var scan = BodyScan.Scan(body, Large);
            Assert.InRange(scan.Offset, 0, body.Length);
        },
        iter: 20_000);

    private static void AssertFault(string xml, ReadFaultReason expected)
    {
        Assert.Equal(expected, BodyScan.Scan(Encoding.UTF8.GetBytes(xml), Large).Fault);
        RequestReader.TryRead(Encoding.UTF8.GetBytes(xml), Large, out _, out var fault);
        Assert.Equal(expected, fault!.Reason);
    }
}
