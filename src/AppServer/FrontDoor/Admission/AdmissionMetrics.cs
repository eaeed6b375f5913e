using Prometheus;

namespace AppServer.FrontDoor.Admission;

/// <summary>Who is admitted, and the waits that decide it.</summary>
internal static class AdmissionMetrics
{
    private static readonly double[] Seconds =
        [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

    private static readonly Counter Admissions = Prometheus.Metrics.CreateCounter(
        "conference_as_admissions_total", "New requests by kind and whether they were admitted.", "kind", "outcome");

    private static readonly Counter.Child[] Admitted =
        [.. Enum.GetValues<AdmissionKind>().Select(kind => ChildOf(kind, "admitted"))];

    private static readonly Counter.Child[] Refused =
        [.. Enum.GetValues<AdmissionKind>().Select(kind => ChildOf(kind, "refused"))];

    internal static readonly Histogram WaitSeconds = Prometheus.Metrics.CreateHistogram(
        "conference_as_request_wait_seconds",
        "From a request's arrival in this machine to its conference's outcome, without the time of the store.",
        new HistogramConfiguration { Buckets = Seconds });

    internal static readonly Histogram KernelWaitSeconds = Prometheus.Metrics.CreateHistogram(
        "conference_as_request_kernel_wait_seconds", "Of it: in the kernel, before the request was read.",
        new HistogramConfiguration { Buckets = Seconds });

    private static readonly Gauge Places = Prometheus.Metrics.CreateGauge(
        "conference_as_admission_places", "Requests that may be under way before others are refused.");

    private static readonly Gauge TypicalWaitSeconds = Prometheus.Metrics.CreateGauge(
        "conference_as_admission_wait_seconds",
        "Median wait of the last interval, without the time of the store; Admission:WaitMax is the most it may be.");

    /// <summary>Has the places and the wait read when somebody asks, for as long as the admission is in use.</summary>
    internal static void Register(RequestAdmission admission)
    {
        var weak = new WeakReference<RequestAdmission>(admission);
        Prometheus.Metrics.DefaultRegistry.AddBeforeCollectCallback(() =>
        {
            if (weak.TryGetTarget(out var alive)) Read(alive);
        });
    }

    private static void Read(RequestAdmission admission)
    {
        var (places, wait) = admission.Describe();
        Places.Set(places);
        TypicalWaitSeconds.Set(wait.TotalSeconds);
    }

    internal static void Count(AdmissionKind kind, bool isAdmitted) =>
        (isAdmitted ? Admitted : Refused)[(int)kind].Inc();

    private static Counter.Child ChildOf(AdmissionKind kind, string outcome) =>
        Admissions.WithLabels(AdmissionKinds.Label(kind), outcome);
}
