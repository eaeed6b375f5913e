using System.Globalization;

namespace EndToEnd.BadInput;

/// <summary>Reads /metrics.</summary>
internal sealed class MetricsPage(ServerUnderTest server) : IDisposable
{
    private const string StoreAway = "conference_as_refusals_total{reason=\"store_unavailable\"}";

    private static readonly string[] Reasons =
        ["conference_as_refusals_total{", "conference_as_sip_malformed_total{", "conference_as_sip_loop_faults_total{"];

    private readonly HttpClient _http = new() { Timeout = RawSip.Patience };

    /// <summary>A series, such as <c>conference_as_refusals_total{reason="no_right"}</c>; 0 when it is not there yet.
    /// </summary>
    internal async Task<double> ValueAsync(string series) => (await AllAsync()).GetValueOrDefault(series);

    /// <summary>What was refused until now.</summary>
    internal async Task<Dictionary<string, double>> RefusedAsync()
    {
        var all = await AllAsync();
        return all.Where(one => Reasons.Any(reason => one.Key.StartsWith(reason, StringComparison.Ordinal)))
            .ToDictionary();
    }

    /// <summary>What was refused since then, as <c>reason="no_right" 1</c>; waits until there is something.</summary>
    /// <param name="before">What <see cref="RefusedAsync"/> gave.</param>
    /// <param name="isStoreAway">Whether a store that is away counts. Else it was slow for a moment, on a busy machine,
    /// and what was refused for that was sent again.</param>
    internal async Task<string> RefusedSinceAsync(Dictionary<string, double> before, bool isStoreAway = false)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var deadline = new CancellationTokenSource(RawSip.Patience);
        while (true)
        {
            var more = (await RefusedAsync())
                .Where(now => now.Value > before.GetValueOrDefault(now.Key) && (isStoreAway || now.Key != StoreAway))
                .Select(now => (Series: now.Key, More: now.Value - before.GetValueOrDefault(now.Key)));
            var text = string.Join(", ", more.Select(one => string.Create(
                CultureInfo.InvariantCulture, $"{one.Series[(one.Series.IndexOf('{') + 1)..^1]} {one.More}")));
            if (text.Length > 0 || deadline.IsCancellationRequested) return text;
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits until a gauge is down.</summary>
    internal async Task FallsToAsync(string series, double most)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var deadline = new CancellationTokenSource(RawSip.Patience);
        while (await ValueAsync(series) > most) await tick.WaitForNextTickAsync(deadline.Token);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Dictionary<string, double>> AllAsync()
    {
        var page = await _http.GetStringAsync(new Uri(new Uri(server.Admin), "/metrics"));
        return page.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToDictionary(
            line => line[..line.LastIndexOf(' ')],
            line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
