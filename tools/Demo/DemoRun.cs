using System.Diagnostics;
using System.Security.Cryptography;
using Conference.Client.Pages;

namespace Demo;

/// <summary>Prepares pages, server and participants, plays the conference, judges it.</summary>
internal static class DemoRun
{
    /// <summary>0 only when every living participant has the same board and the saved file re-opens to it.</summary>
    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("conference-demo-").FullName;
        var progress = new Progress();
        var isKept = true; // a failure is looked for in the log of the server
        try
        {
            progress.Say("converting the documents of samples/ page by page");
            var converter = new DocumentConverter(Directory.CreateDirectory(Path.Combine(folder, "pages")).FullName);
            var documents = await converter.ConvertAsync(options.Samples, cancel);
            foreach (var document in documents)
            {
                progress.Say($"  {document.Name}: {await DescribeAsync(document, cancel)}");
            }

            var users = Story.Names.ToDictionary(
                name => name, _ => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
            await using var server = await ServerProcess.StartAsync(options.Server, folder, users, cancel);
            progress.Say($"server ready: SIP {server.Sip} (UDP and TCP), HTTP {server.Http}, {users.Count} users");

            await using var story = new Story(server, users, documents, folder, progress);
            var verdict = await story.PlayAsync(cancel);
            foreach (var line in verdict.Lines) Console.WriteLine(line);
            var stopped = await server.StopAsync();
            progress.Say($"server drained and ended with {stopped}");
            if (stopped == 0 && verdict.IsGood)
            {
                progress.Say("everybody has the same board, and the saved file re-opens to it");
                isKept = options.Keep;
                return 0;
            }

            progress.Say("NOT everybody has the same board");
            return 1;
        }
        catch (Exception failure) when (failure is not (DemoException or OperationCanceledException))
        {
            throw new DemoException($"{failure.GetType().Name}: {failure.Message}");
        }
        finally
        {
            isKept = cancel.IsCancellationRequested ? options.Keep : isKept;
            if (isKept) progress.Say($"kept: {folder}");
            else Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> DescribeAsync(FolderPageSource document, CancellationToken cancel)
    {
        long bytes = 0;
        for (var page = 1; page <= document.PageCount; page++)
        {
            bytes += (await document.ReadPageAsync(page, cancel))!.Content.Length;
        }

        return $"{document.PageCount} pages, {bytes / document.PageCount / 1024} KiB each";
    }
}

/// <summary>Lines with the time since the start.</summary>
internal sealed class Progress
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Says a line now.</summary>
    public void Say(string line) =>
        Console.WriteLine($"[{Stopwatch.GetElapsedTime(_start).TotalSeconds,5:F1} s] {line}");
}
