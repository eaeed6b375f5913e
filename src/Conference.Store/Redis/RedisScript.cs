using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Conference.Store.Redis;

/// <summary>One of the Lua scripts beside this file; each is one step for all who look.</summary>
internal sealed class RedisScript
{
    public static readonly RedisScript Append = new("append");
    public static readonly RedisScript Take = new("take");
    public static readonly RedisScript WriteCheckpoint = new("checkpoint");
    public static readonly RedisScript WriteCursors = new("cursors");
    public static readonly RedisScript Delete = new("delete");
    public static readonly RedisScript BlobPut = new("blob_put");

    private readonly string _text;
    private readonly byte[] _digest;

    private RedisScript(string name)
    {
        var resource = $"Conference.Store.Redis.{name}.lua";
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        _text = reader.ReadToEnd();
#pragma warning disable CA5350 // Redis names scripts by SHA-1
        _digest = SHA1.HashData(Encoding.UTF8.GetBytes(_text));
#pragma warning restore CA5350
    }

    /// <summary>Runs the script on the master, by its digest; the text is sent only to a server that does not know it
    /// (new, restarted, SCRIPT FLUSH). NOSCRIPT means that nothing was run, so the second try repeats nothing.
    /// </summary>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_digest, keys, values, CommandFlags.DemandMaster);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await database.ScriptEvaluateAsync(
                _text, keys, values, CommandFlags.DemandMaster | CommandFlags.NoScriptCache);
        }
    }
}
