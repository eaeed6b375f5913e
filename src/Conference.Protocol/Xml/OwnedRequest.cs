using System.Buffers;
using Conference.Protocol.Requests;

namespace Conference.Protocol.Xml;

/// <summary>A request together with the pooled buffer that its page content lies in.</summary>
/// <remarks>
/// Dispose it when nobody can read <see cref="SharePage.Content"/> any more: after the conference's own outcome. When
/// that is not known (the conference did not answer in time, the wait was cancelled, or whoever waited turned this into
/// a 503) do not dispose it: the content may still be read and stored. A buffer that is never given back is only
/// garbage; one given back too early is stored as another page's content.
/// </remarks>
public sealed class OwnedRequest : IDisposable
{
    private byte[]? _pooled;

    internal OwnedRequest(ConferenceRequest request, byte[]? pooled)
    {
        Request = request;
        _pooled = pooled;
    }

    /// <summary>The request. Page content in it is valid until <see cref="Dispose"/>.</summary>
    public ConferenceRequest Request { get; }

    /// <summary>Gives the buffer back. Once; further calls do nothing.</summary>
    public void Dispose()
    {
        var pooled = Interlocked.Exchange(ref _pooled, null);
        if (pooled is not null) ArrayPool<byte>.Shared.Return(pooled);
    }
}
