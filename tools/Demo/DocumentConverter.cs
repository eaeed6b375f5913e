using System.Diagnostics;
using Conference.Client.Pages;

namespace Demo;

/// <summary>Documents to page images: headless LibreOffice to PDF, poppler from PDF to PNG.</summary>
/// <param name="folder">For profile, PDF files and pages; private to this run.</param>
internal sealed class DocumentConverter(string folder)
{
    // A4 at 100 dpi: 827 x 1169 pixels, 50 to 170 KB as PNG; readable, and some pages need parts.
    private const int DotsPerInch = 100;

    private static readonly string[] Suffixes = [".doc", ".dot", ".rtf", ".xls"];

    /// <summary>Converts every document of a folder.</summary>
    /// <returns>One page source per document, in the order of their names.</returns>
    public async Task<IReadOnlyList<FolderPageSource>> ConvertAsync(string samples, CancellationToken cancel)
    {
        string[] documents = [.. Directory.GetFiles(samples)
            .Where(path => Suffixes.Contains(Path.GetExtension(path))).Order(StringComparer.Ordinal)];
        if (documents.Length == 0) throw new DemoException($"there are no documents in {samples}");
        // A profile of its own: a LibreOffice that the user runs is neither disturbed nor in the way.
        var profile = new Uri(Path.Combine(folder, "office-profile")).AbsoluteUri;
        await RunAsync("soffice", [$"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to",
            "pdf", "--outdir", folder, .. documents], cancel);
        var sources = new List<FolderPageSource>();
        foreach (var document in documents)
        {
            var name = Path.GetFileNameWithoutExtension(document);
            var pages = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            var pdf = Path.Combine(folder, name + ".pdf");
            if (!File.Exists(pdf)) throw new DemoException($"LibreOffice made no PDF of {document}");
            await RunAsync(
                "pdftoppm", ["-png", "-r", $"{DotsPerInch}", pdf, Path.Combine(pages, "page")], cancel);
            sources.Add(new FolderPageSource(name, Path.GetFileName(document), pages));
        }

        return sources;
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        await output;
        if (process.ExitCode != 0) throw new DemoException($"{program} ended with {process.ExitCode}: {await errors}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new DemoException(
                $"{start.FileName} is not installed; the demo needs the packages libreoffice-writer-nogui, "
                + "libreoffice-calc-nogui, poppler-utils and fonts-noto-cjk");
        }
    }
}
