using System.Security.Cryptography;
using System.Text;
using AppServer.Configuration;

namespace AppServer.Lifetime;

/// <summary>The secret of this installation. Every use has a key of its own (HKDF, RFC 5869).</summary>
public sealed class ServerSecret
{
    private const int SecretBytes = 32;
    private const string FileName = "server.secret";

    private readonly byte[] _secret;

    /// <summary>Takes a secret as it is.</summary>
    /// <param name="secret">At least 32 bytes.</param>
    public ServerSecret(byte[] secret)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, SecretBytes);
        _secret = secret;
    }

    /// <summary>Takes the secret from the options, else from the data directory, where one is made when missing.
    /// </summary>
    public static ServerSecret Load(ServerOptions options)
    {
        if (options.Secret.Length > 0) return new ServerSecret(Convert.FromBase64String(options.Secret));
        var path = Path.Combine(options.DataDirectory, FileName);
        if (File.Exists(path)) return new ServerSecret(Convert.FromBase64String(File.ReadAllText(path)));
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, mode);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(secret)));
        file.Flush(flushToDisk: true);
        return new ServerSecret(secret);
    }

    /// <summary>The key for one use: 32 bytes, the same on every node and after every start.</summary>
    /// <param name="use">A fixed name, for example <c>download</c>.</param>
    public byte[] KeyFor(string use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, SecretBytes, info: Encoding.ASCII.GetBytes(use));
}
