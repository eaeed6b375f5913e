namespace AppServer.Configuration;

/// <summary>Sets up logging as configured.</summary>
internal static class Logging
{
    /// <summary>JSON lines or text on standard output; the framework's own lines only from Warning on.</summary>
    internal static void Configure(ILoggingBuilder logging, LogOptions options)
    {
        logging.SetMinimumLevel(options.Level);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // A start that fails is told in one line by ServerProcess, not with the host's stack trace as well.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("Akka", options.Level > LogLevel.Warning ? options.Level : LogLevel.Warning);
        if (options.Format == LogFormat.Text)
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
            });
            return;
        }

        logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
    }
}
