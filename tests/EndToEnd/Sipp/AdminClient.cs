using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace EndToEnd.Sipp;

/// <summary>The admin API as far as these tests need it.</summary>
internal sealed class AdminClient(ServerUnderTest server) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new() { BaseAddress = new Uri(server.Admin) };

    public void Dispose() => _http.Dispose();

    /// <summary>Makes a conference; the first user is its chair.</summary>
    /// <returns>Its address.</returns>
    internal async Task<string> CreateAsync(string name, params IEnumerable<string> users)
    {
        var uris = users.Select(user => $"sip:{user}@{server.Domain}").ToArray();
        var members = uris.Skip(1).Select(uri => new { uri });
        var key = Guid.NewGuid().ToString("N");
        using var deadline = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (true)
        {
            using var content = JsonContent.Create(new { name, chair = uris[0], members });
            content.Headers.Add("Idempotency-Key", key);
            using var answer = await _http.PostAsync(new Uri("/admin/v1/conferences", UriKind.Relative), content);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && !deadline.IsCancellationRequested)
            {
                await pace.WaitForNextTickAsync(); // the store was slow: the same again
                continue;
            }

            answer.EnsureSuccessStatusCode();
            return await UriOfAsync(answer.Content);
        }
    }

    private static async Task<string> UriOfAsync(HttpContent content) =>
        (await content.ReadFromJsonAsync<JsonElement>()).GetProperty("uri").GetString()!;

    /// <summary>Waits until each member confirmed all there is.</summary>
    /// <returns>The revision.</returns>
    internal async Task<long> ConfirmedAsync(string conference)
    {
        var shown = await UntilAsync(conference, (one, revision) => one.GetProperty("cursor").GetInt64() == revision);
        return shown.GetProperty("revision").GetInt64();
    }

    /// <summary>Waits until the server found that it has nowhere to send to, for each member.</summary>
    internal Task ParkedAsync(string conference) => UntilAsync(
        conference, (one, _) => one.GetProperty("state").GetString() == "parked");

    /// <summary>The sum of a metric over its labels.</summary>
    internal async Task<double> MetricAsync(string name) =>
        (await _http.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));

    private async Task<JsonElement> UntilAsync(string conference, Func<JsonElement, long, bool> holds)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var shown = await _http.GetFromJsonAsync<JsonElement>(
                $"/admin/v1/conferences/{Uri.EscapeDataString(conference)}");
            var revision = shown.GetProperty("revision").GetInt64();
            var waiting = shown.GetProperty("deliveries").EnumerateArray()
                .Where(one => !holds(one, revision)).ToList();
            if (waiting.Count == 0) return shown;
            if (deadline.IsCancellationRequested)
                throw new TimeoutException($"{conference} at {revision}: {string.Join('\n', waiting)}");
            await pace.WaitForNextTickAsync();
        }
    }
}
