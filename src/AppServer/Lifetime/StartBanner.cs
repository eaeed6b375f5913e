using System.Net;

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
            var endPoint = new IPEndPoint(IPAddress.Parse(address.Address), address.Port);
            to.WriteLine($"  SIP over {address.Transport.ToUpperInvariant()}:  {endPoint}");
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
