namespace AppServer.Lifetime;

/// <summary>Tells a person at the terminal where everything is.</summary>
internal static class StartBanner
{
    /// <summary>Writes a few lines in plain words.</summary>
    internal static void Write(TextWriter to, ReadyReport report)
    {
        to.WriteLine();
        to.WriteLine($"The conference application server is ready ({report.Mode} mode, domain {report.Domain}).");
        foreach (var address in report.Sip)
        {
            var host = address.Address.Contains(':', StringComparison.Ordinal) ? $"[{address.Address}]" : address.Address;
            to.WriteLine($"  SIP over {address.Transport.ToUpperInvariant()}:  {host}:{address.Port}");
        }

        to.WriteLine($"  Create at:     {report.FactoryUri}");
        to.WriteLine($"  HTTP:          {report.Http}  (pages and saved files)");
        to.WriteLine($"  Admin:         {report.Admin}  (API and metrics, docs/admin-api.md)");
        to.WriteLine($"  Data:          {report.DataDirectory}");
        to.WriteLine("  Stop:          Ctrl-C, or SIGTERM to this process; a second Ctrl-C stops at once");
        to.WriteLine();
        to.Flush();
    }
}
