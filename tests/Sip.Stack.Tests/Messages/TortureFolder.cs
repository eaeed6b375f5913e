using System.Text.Json;
using Tests.Shared;

namespace Sip.Stack.Tests.Messages;

/// <summary>The messages of RFC 4475, when they are there: SIP_TORTURE_DIR, or beside the repository.</summary>
internal static class TortureFolder
{
    internal static string? Path { get; } = Find();

    internal static IReadOnlyList<TortureMessage> Messages { get; } = Read();

    private static string? Find()
    {
        var folder = Environment.GetEnvironmentVariable("SIP_TORTURE_DIR")
            ?? System.IO.Path.Combine(RepositoryRoot.Path, "..", "shared", "sip-torture");
        return File.Exists(System.IO.Path.Combine(folder, "index.json")) ? folder : null;
    }

    private static List<TortureMessage> Read()
    {
        var messages = new List<TortureMessage>();
        if (Path is null) return messages;
        using var index = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(Path, "index.json")));
        foreach (var entry in index.RootElement.GetProperty("messages").EnumerateArray())
        {
            messages.Add(new TortureMessage(
                entry.GetProperty("name").GetString()!,
                File.ReadAllBytes(System.IO.Path.Combine(Path, entry.GetProperty("file").GetString()!)),
                entry.GetProperty("kind").GetString() == "request",
                entry.GetProperty("parser").GetString()!,
                [.. entry.GetProperty("respond").EnumerateArray().Select(r => r.ToString())],
                [.. entry.GetProperty("forbid").EnumerateArray().Select(r => r.GetInt32())],
                entry.GetProperty("response_port_without_rport").ValueKind == JsonValueKind.Number
                    ? entry.GetProperty("response_port_without_rport").GetInt32()
                    : null));
        }

        return messages;
    }
}

/// <summary>One message with what a server has to do with it.</summary>
/// <param name="ResponsePort">Where the answer goes on the source's address; null when there is no Via.</param>
internal sealed record TortureMessage(
    string Name, byte[] Bytes, bool IsRequest, string Parser, IReadOnlyList<string> Respond, IReadOnlyList<int> Forbid,
    int? ResponsePort);
