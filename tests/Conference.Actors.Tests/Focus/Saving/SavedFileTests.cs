using System.IO.Compression;
using System.Text;
using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Conference.Store.InMemory;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Saving;

public class SavedFileTests
{
    private readonly InMemoryBlobStore _blobs = new(new FakeTimeProvider(Start));

    [Fact]
    public async Task File_ReadBack_HoldsDocumentsPagesAndBoards()
    {
        var driver = await ConferenceAsync();
        var (result, bytes) = await SaveAsync(driver);
        Assert.Equal([new PageRef("d", 3), new PageRef("e", 1)], result.MissingPages.AsEnumerable());
        using var reader = Open(bytes);
        var saved = reader.Conference;
        Assert.Equal((FocusData.Uri, driver.State.Revision, "Ward round"),
            (saved.Conference, saved.Revision, saved.Subject));
        Assert.Equal(["d", "e"], saved.Documents.Select(document => document.DocumentId));
        var document = saved.Documents[0];
        Assert.Equal(("手紙 <1>.doc", 3, Chair), (document.Name, document.PageCount, document.Sharer));
        Assert.Equal(
            driver.State.Documents["d"].Pages.Values.Select(page => page.Descriptor).OrderBy(page => page.Page.Number),
            document.Pages);
        Assert.Equal([3], document.MissingPages.AsEnumerable());
        Assert.Equal(driver.State.BoardOf(PageOne).Digest, document.Boards[1].Digest);
        Assert.Equal(
            driver.State.BoardOf(PageOne).InPaintingOrder().AsEnumerable(), document.Boards[1].InPaintingOrder());
        Assert.Equal(Content(1), reader.ReadPage(document.Pages[0]));
    }

    [Fact]
    public async Task SamePageTwice_IsStoredOnce()
    {
        var driver = Shared();
        await PutAsync(Content(1));
        driver.Accept(Chair, Share(PageTwo, Content(1)));
        var (_, bytes) = await SaveAsync(driver);
        using var zip = new ZipArchive(new MemoryStream(bytes));
        Assert.Single(zip.Entries, entry => entry.FullName.StartsWith("pages/", StringComparison.Ordinal));
        using var reader = Open(bytes);
        Assert.Equal(2, reader.Conference.Documents[0].Pages.Length);
    }

    [Fact]
    public async Task SameContentUnderAnotherMediaType_CanBeOpened()
    {
        var driver = Shared();
        await PutAsync(Content(1));
        var twin = Share(PageTwo, Content(1));
        driver.Accept(Chair, twin with { Page = twin.Page with { MediaType = "image/jpeg" } });
        var (_, bytes) = await SaveAsync(driver);
        using var reader = Open(bytes);
        Assert.All(reader.Conference.Documents[0].Pages, page => Assert.Equal(Content(1), reader.ReadPage(page)));
        Assert.Equal(2, reader.Conference.Documents[0].Pages.Length);
    }

    [Fact]
    public async Task PageWithoutContent_IsListedAsLost()
    {
        var driver = Shared();
        var (result, bytes) = await SaveAsync(driver);
        Assert.Equal(driver.State.FindPage(PageOne)!.Digest, Assert.Single(result.LostPages));
        Assert.Equal(3, result.MissingPages.Length);
        using var reader = Open(bytes);
        Assert.Empty(reader.Conference.Documents[0].Pages);
    }

    [Fact]
    public async Task EmptyConference_CanBeSaved()
    {
        var driver = new RulesDriver();
        driver.Accept(Chair, Create() with { Subject = "a\u0001b\uD800c" });
        var (_, bytes) = await SaveAsync(driver);
        using var reader = Open(bytes);
        Assert.Equal("a\uFFFDb\uFFFDc", reader.Conference.Subject);
        Assert.Empty(reader.Conference.Documents);
    }

    [Fact]
    public async Task TooMuch_IsNotSaved()
    {
        var driver = await ConferenceAsync();
        await Assert.ThrowsAsync<SavedFileTooLargeException>(() => SavedFileWriter.WriteAsync(
            driver.State, _blobs, new FocusOptions { SavedFileBytesMax = 150 }, default));
    }

    [Fact]
    public void NoZip_IsNotOpened()
    {
        Assert.Equal(SavedFileFault.NotZip, FaultOf([]));
        Assert.Equal(SavedFileFault.NotZip, FaultOf("just text"u8.ToArray()));
    }

    [Fact]
    public async Task AnyDamage_IsFoundOrHarmless()
    {
        var driver = await ConferenceAsync();
        var (_, bytes) = await SaveAsync(driver);
        var board = driver.State.BoardOf(PageOne).Digest;
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= (byte)(i % 3 == 0 ? 0xFF : 0x41);
            using var reader = SavedFileReader.TryOpen(new MemoryStream(damaged), new SavedFileLimits(), out _);
            if (reader is null) continue; // found; else it hit a date or a flag that nobody reads
            Assert.Equal(board, reader.Conference.Documents[0].Boards[1].Digest);
            Assert.Equal(Content(1), reader.ReadPage(reader.Conference.Documents[0].Pages[0]));
        }
    }

    [Fact]
    public async Task AnyCut_IsFound()
    {
        var (_, bytes) = await SaveAsync(await ConferenceAsync());
        for (var length = 0; length < bytes.Length; length++) FaultOf(bytes[..length]);
    }

    [Theory]
    [InlineData("drop layers/1/1.xml", SavedFileFault.EntryMissing)]
    [InlineData("drop manifest.xml", SavedFileFault.BadManifest)]
    [InlineData("add evil.exe", SavedFileFault.EntryUnknown)]
    [InlineData("change layers/1/1.xml", SavedFileFault.DigestMismatch)]
    [InlineData("change manifest.xml", SavedFileFault.BadManifest)]
    [InlineData("dtd manifest.xml", SavedFileFault.BadManifest)]
    [InlineData("board manifest.xml", SavedFileFault.BadLayer)]
    [InlineData("version manifest.xml", SavedFileFault.BadManifest)]
    [InlineData("twice manifest.xml", SavedFileFault.BadManifest)]
    [InlineData("back manifest.xml", SavedFileFault.BadManifest)]
    [InlineData("layers manifest.xml", SavedFileFault.BadManifest)]
    public async Task ChangedFile_IsRefusedByName(string change, SavedFileFault expected)
    {
        var (_, bytes) = await SaveAsync(await ConferenceAsync());
        var (verb, name) = (change.Split(' ')[0], change.Split(' ')[1]);
        Assert.Equal(expected, FaultOf(Rewrite(bytes, verb, name)));
    }

    [Fact]
    public async Task FileBeyondTheLimits_IsRefused()
    {
        var (_, bytes) = await SaveAsync(await ConferenceAsync());
        SavedFileLimits[] tight =
        [
            new() { EntriesMax = 2 }, new() { BytesMax = 100 }, new() { PageBytesMax = 99 }, new() { XmlBytesMax = 50 },
        ];
        foreach (var limits in tight)
        {
            Assert.Null(SavedFileReader.TryOpen(new MemoryStream(bytes), limits, out var fault));
            Assert.Equal(SavedFileFault.TooLarge, fault);
        }
    }

    [Fact]
    public async Task Bomb_IsReadOnlyUpToWhatTheManifestSays()
    {
        var (_, bytes) = await SaveAsync(await ConferenceAsync());
        Assert.Equal(SavedFileFault.DigestMismatch, FaultOf(Rewrite(bytes, "bomb", "layers/1/1.xml")));
    }

    private async Task<RulesDriver> ConferenceAsync()
    {
        var driver = new RulesDriver();
        driver.Accept(Chair, Create());
        driver.Accept(Chair, new ShareDocument("d", "手紙 <1>.doc", 3));
        driver.Accept(Chair, Share(PageOne));
        driver.Accept(Chair, Share(PageTwo));
        driver.Accept(Chair, new ShareDocument("e", "e.xls", 1));
        driver.Accept(Ann, Operate(new AddMark(Line("a")), new AddMark(Line("t") with
        {
            Kind = MarkKind.Text, Text = "第一 & <b>",
        })));
        driver.Accept(Chair, Operate(new MoveMarks(["a"], 3, 3)));
        await PutAsync(Content(1));
        await PutAsync(Content(2));
        return driver;
    }

    private ValueTask PutAsync(byte[] content) =>
        _blobs.PutAsync(ContentDigest.OfHex(content), content, TimeSpan.FromDays(1), default);

    private async Task<(SavedFileResult Result, byte[] Bytes)> SaveAsync(RulesDriver driver)
    {
        var result = await SavedFileWriter.WriteAsync(driver.State, _blobs, new FocusOptions(), default);
        var bytes = (await _blobs.GetAsync(result.Digest, default))!.Value.ToArray();
        Assert.Equal((result.FileBytes, result.Digest), (bytes.LongLength, ContentDigest.OfHex(bytes)));
        return (result, bytes);
    }

    private static SavedFileReader Open(byte[] bytes)
    {
        var reader = SavedFileReader.TryOpen(new MemoryStream(bytes), new SavedFileLimits(), out var fault);
        Assert.Equal(SavedFileFault.None, fault);
        return reader!;
    }

    private static SavedFileFault FaultOf(byte[] bytes)
    {
        Assert.Null(SavedFileReader.TryOpen(new MemoryStream(bytes), new SavedFileLimits(), out var fault));
        return fault;
    }

    private static byte[] Rewrite(byte[] bytes, string verb, string name)
    {
        using var to = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(bytes)))
        using (var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                if (verb == "drop" && entry.FullName == name) continue;
                using var content = new StreamReader(entry.Open(), Encoding.Latin1);
                var text = content.ReadToEnd();
                Put(zip, entry.FullName, entry.FullName == name ? Change(text, verb) : text);
            }

            if (verb == "add") Put(zip, name, "MZ");
        }

        return to.ToArray();
    }

    private static string Change(string text, string verb) => verb switch
    {
        "change" => text[..^1] + "x",
        "dtd" => "<!DOCTYPE x [<!ENTITY a 'b'>]>" + text[(text.IndexOf("?>", StringComparison.Ordinal) + 2)..],
        "board" => text.Replace("board=\"", "board=\"0", StringComparison.Ordinal),
        "version" => text.Replace("saved-file:1", "saved-file:2", StringComparison.Ordinal),
        "twice" => text.Replace("<missing number=\"3\"", "<missing number=\"2\"", StringComparison.Ordinal),
        "back" => text.Replace("<page number=\"1\"", "<page number=\"3\"", StringComparison.Ordinal),
        "layers" => Twice(text, "<layer "),
        "bomb" => new string(' ', 20_000_000),
        _ => text,
    };

    private static string Twice(string text, string element)
    {
        var start = text.IndexOf(element, StringComparison.Ordinal);
        var end = text.IndexOf("/>", start, StringComparison.Ordinal) + 2;
        return text.Insert(end, text[start..end]);
    }

    private static void Put(ZipArchive zip, string name, string text)
    {
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(Encoding.Latin1.GetBytes(text));
    }
}
