using System.Text.Json;

namespace AppServer.Lifetime;

/// <summary>What a program that started this server as a child needs to know. Written as one JSON object.</summary>
/// <param name="ProcessId">Of the server.</param>
/// <param name="Mode">Standalone or Ims.</param>
/// <param name="Domain">Of conference URIs and users.</param>
/// <param name="FactoryUri">Where create requests go.</param>
/// <param name="Sip">All SIP listeners with their real ports.</param>
/// <param name="Http">Base address of the listener for participants.</param>
/// <param name="Admin">Base address of the listener for operators.</param>
/// <param name="DataDirectory">Absolute.</param>
public sealed record ReadyReport(
    int ProcessId, string Mode, string Domain, string FactoryUri, IReadOnlyList<ReadySipAddress> Sip, string Http,
    string Admin, string DataDirectory)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes the report in one step: who waits for the file never sees half of it.</summary>
    public void WriteTo(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var draft = path + ".tmp";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(this, Format));
        File.Move(draft, path, overwrite: true);
    }
}

/// <summary>One SIP listener.</summary>
/// <param name="Transport"><c>udp</c> or <c>tcp</c>.</param>
/// <param name="Address">IP address without brackets.</param>
/// <param name="Port">The real port.</param>
public sealed record ReadySipAddress(string Transport, string Address, int Port);
