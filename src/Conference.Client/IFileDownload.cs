namespace Conference.Client;

/// <summary>Fetches by reference: pages (RFC 4483 in spirit) and saved files.</summary>
internal interface IFileDownload
{
    /// <summary>Reads the whole file.</summary>
    /// <param name="href">http or https, with its token.</param>
    /// <param name="bytesMax">A longer file is not read to its end.</param>
    /// <param name="cancel">Ends the download.</param>
    /// <returns>Null when it cannot be had.</returns>
    Task<byte[]?> ReadAsync(string href, long bytesMax, CancellationToken cancel);
}
