using System.Buffers;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Protocol.Tests.Xml;

/// <summary>A page of 200 KB, as it usually is.</summary>
public class PageContentTests
{
    private const int PageBytes = 200 * 1024;
    private static readonly byte[] Content = Make();

    private static readonly PageDescriptor Page = new(
        new PageRef("report", 1), 1240, 1754, "image/png", PageBytes, ContentDigest.OfHex(Content));

    [Fact]
    public void TryReadOwned_LargePage_AllocatesNoLargeObject()
    {
        var body = RequestWriter.Write(new ConferenceRequest("r", new SharePage(Page, 1, 1, Content)));
        for (var i = 0; i < 3; i++) ReadOwned(body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++) ReadOwned(body);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 20;
        Assert.InRange(each, 0, 24_000); // the large-object heap begins at 85,000
    }

    [Fact]
    public void TryReadOwned_LargePageWithLineBreaks_IsRead()
    {
        var text = Convert.ToBase64String(Content, Base64FormattingOptions.InsertLineBreaks);
        var body = RequestWriter.Write(new ConferenceRequest("r", new SharePage(Page, 1, 1, Content)));
        var plain = Convert.ToBase64String(Content);
        var broken = System.Text.Encoding.UTF8.GetBytes(
            System.Text.Encoding.UTF8.GetString(body).Replace(plain, text, StringComparison.Ordinal));
        Assert.True(broken.Length > body.Length);
        ReadOwned(broken);
    }

    [Fact]
    public void OwnedRequest_DisposedTwice_GivesBackOnce()
    {
        var body = RequestWriter.Write(new ConferenceRequest("r", new SharePage(Page, 1, 1, Content)));
        RequestReader.TryReadOwned(body, ProtocolLimits.Default, out var owned, out _);
        owned!.Dispose();
        owned.Dispose();
        var first = ArrayPool<byte>.Shared.Rent(PageBytes);
        var second = ArrayPool<byte>.Shared.Rent(PageBytes);
        Assert.NotSame(first, second);
    }

    [Fact]
    public void Write_LargePageIntoABuffer_AllocatesNothingButTheBuffer()
    {
        var message = new PageContent(ConferenceUri.Parse("sip:c@b.c"), Page, 1, 1, Content, null, null);
        var output = new ArrayBufferWriter<byte>(PageBytes * 2);
        ServerMessageWriter.Write(output, message);
        output.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        ServerMessageWriter.Write(output, message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
        ServerMessageReader.TryRead(output.WrittenMemory, ProtocolLimits.Default, out var read, out _);
        Assert.Equal(Content, Assert.IsType<PageContent>(read).Content.ToArray());
    }

    private static void ReadOwned(byte[] body)
    {
        RequestReader.TryReadOwned(body, ProtocolLimits.Default, out var owned, out _);
        using (owned)
        {
            var content = ((SharePage)owned!.Request.Action).Content.Span;
            Assert.True(content.SequenceEqual(Content));
        }
    }

    private static byte[] Make()
    {
        var bytes = new byte[PageBytes];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
