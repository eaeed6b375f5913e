using System.Text;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

/// <summary>A reader that has no socket: what it gives is in the test's hand.</summary>
internal sealed unsafe class FakeReader : DatagramReader
{
    private readonly Queue<Func<int>> _takes = new();
    private readonly ManualResetEventSlim _isClosed = new();

    /// <summary>What <see cref="QueuePercent"/> says.</summary>
    internal int Percent { get; set; }

    /// <summary>How often it was asked.</summary>
    internal int TimesAsked { get; private set; }

    /// <summary>Whether its memory was given back.</summary>
    internal TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called when there is nothing more to take.</summary>
    internal Action? OnEmpty { get; set; }

    /// <summary>Puts a datagram into a place of the batch.</summary>
    internal void Set(int index, string datagram, ReadOnlySpan<byte> source)
    {
        var bytes = Encoding.Latin1.GetBytes(datagram);
        bytes.CopyTo(new Span<byte>(Place(index), DatagramBytesMax));
        source.CopyTo(new Span<byte>(SourcePlace(index), SourceBytesMax));
        Note(index, bytes.Length, source.Length);
    }

    /// <summary>The next call fails.</summary>
    internal void ThenFails(Exception fault) => _takes.Enqueue(() => throw fault);

    /// <summary>The next call gives one datagram.</summary>
    internal void ThenGives(string datagram) => _takes.Enqueue(() =>
    {
        Set(0, datagram, SourceGateTests.Source("192.0.2.1"));
        return 1;
    });

    /// <summary>Ends the wait for more.</summary>
    internal void Close() => _isClosed.Set();

    /// <summary>What <see cref="KernelWait"/> says.</summary>
    internal TimeSpan Waited { get; set; }

    internal override TimeSpan KernelWait() => Waited;

    internal override int Take()
    {
        if (_takes.TryDequeue(out var take)) return take();
        OnEmpty?.Invoke();
        _isClosed.Wait();
        return 0;
    }

    internal override int QueuePercent()
    {
        TimesAsked++;
        return Percent;
    }

    protected override void Free() => Disposed.SetResult();
}
