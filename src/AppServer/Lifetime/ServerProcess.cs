using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AppServer.Configuration;
using Conference.Store;

namespace AppServer.Lifetime;

/// <summary>The server as a process: faults to a person, signals, exit code.</summary>
public static class ServerProcess
{
    /// <summary>Runs until told to stop.</summary>
    /// <param name="configuration">As loaded, faults included.</param>
    /// <param name="errors">Where faults are printed.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(LoadedConfiguration configuration, TextWriter errors)
    {
        try
        {
            var inputs = ServerInputs.Read(configuration, out var faults);
            if (inputs is null) return Explain(faults, errors);
            using var data = DataDirectory.Open(configuration.Options.Server.DataDirectory);
            await using var app = ServerApp.Build(configuration, inputs, data);
            using var signals = EndAtSecondSignal(app.Logger);
            await app.RunAsync();
            return ExitCodes.Stopped;
        }
        catch (Exception failure) when (failure is DataDirectoryException or StoreOpenException)
        {
            errors.WriteLine(failure.Message);
            return ExitCodes.Failed;
        }
        catch (Exception failure) when (AddressFault(failure) is { } text)
        {
            errors.WriteLine($"{text}. Choose another address or port (--help lists the options).");
            return ExitCodes.Failed;
        }
        catch (Exception failure)
        {
            errors.WriteLine($"The server failed: {failure}");
            return ExitCodes.Failed;
        }
    }

    private static int Explain(ImmutableArray<OptionFault> faults, TextWriter errors)
    {
        errors.WriteLine(faults.Length == 1
            ? "The configuration has a fault:"
            : $"The configuration has {faults.Length} faults:");
        foreach (var fault in faults) errors.WriteLine("  " + fault);
        return ExitCodes.BadConfiguration;
    }

    // The SIP stack lets the socket's exception through, Kestrel wraps it.
    private static string? AddressFault(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is not System.Net.Sockets.SocketException) continue;
            var text = failure.Message.TrimEnd('.');
            return text.StartsWith("Cannot listen", StringComparison.Ordinal) ? text : "Cannot listen: " + text;
        }

        return null;
    }

    private static SignalCount EndAtSecondSignal(ILogger logger) => new(logger);

    // The host takes the first signal as the wish to stop and passes over the others.
    private sealed class SignalCount : IDisposable
    {
        private readonly PosixSignalRegistration[] _registrations;
        private int _count;

        internal SignalCount(ILogger logger)
        {
            void Handle(PosixSignalContext context)
            {
                if (Interlocked.Increment(ref _count) < 2) return;
                LifetimeLog.SecondSignal(logger);
                Environment.Exit(ExitCodes.EndedAtOnce);
            }

            _registrations =
            [
                PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
                PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            ];
        }

        public void Dispose()
        {
            foreach (var registration in _registrations) registration.Dispose();
        }
    }
}
