using System.Net;

namespace AppServer.Tests.Fakes;

/// <summary>HTTP as an operator's tool uses it.</summary>
internal static class PatientHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Asks until the answer is not 503: the store was slow for a moment, as on a busy machine.</summary>
    internal static async Task<HttpResponseMessage> GetPatientlyAsync(this HttpClient http, string path)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var answer = await http.GetAsync(new Uri(path, UriKind.Relative), deadline.Token);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || deadline.IsCancellationRequested)
                return answer;
            answer.Dispose();
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
