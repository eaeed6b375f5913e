using AppServer.Configuration;

namespace AppServer.FrontDoor.Admission;

/// <summary>Who has how many requests under way. Counted by hash: two that fall together share their places.</summary>
/// <remarks>Any thread. Nothing here locks or allocates.</remarks>
internal sealed class RequestPlaces(AdmissionOptions options)
{
    // Far more than there are places, so that two of those under way seldom fall together.
    private const int Senders = 16_384;
    private const int Targets = 4_096;

    // One request always fits, and a second one of a client that shares a page while it draws.
    private const double SenderPlacesMin = 2;

    private readonly int[] _kinds = new int[Enum.GetValues<AdmissionKind>().Length];
    private readonly int[] _senders = new int[Senders];
    private readonly int[] _targets = new int[Targets]; // drawing only
    private int _messages;
    private int _total;

    /// <summary>Requests under way.</summary>
    internal int Total => Volatile.Read(ref _total);

    /// <summary>Of them: those that are never refused for want of a place.</summary>
    internal int Exempt => Volatile.Read(ref _kinds[(int)AdmissionKind.Exempt]);

    /// <summary>Of them: MESSAGEs. Only they wait for conferences.</summary>
    internal int Messages => Volatile.Read(ref _messages);

    /// <summary>One more is under way.</summary>
    internal int Enter(in Place place)
    {
        if (place.IsMessage) Interlocked.Increment(ref _messages);
        Interlocked.Increment(ref _kinds[(int)place.Kind]);
        Interlocked.Increment(ref _senders[place.Sender & (Senders - 1)]);
        if (place.Kind == AdmissionKind.Drawing) Interlocked.Increment(ref _targets[place.Target & (Targets - 1)]);
        return Interlocked.Increment(ref _total);
    }

    /// <summary>One is done.</summary>
    internal int Leave(in Place place)
    {
        if (place.IsMessage) Interlocked.Decrement(ref _messages);
        Interlocked.Decrement(ref _kinds[(int)place.Kind]);
        Interlocked.Decrement(ref _senders[place.Sender & (Senders - 1)]);
        if (place.Kind == AdmissionKind.Drawing) Interlocked.Decrement(ref _targets[place.Target & (Targets - 1)]);
        return Interlocked.Decrement(ref _total);
    }

    /// <summary>The share of the places of its kind, its sender and its conference that is taken, 1 for all; the
    /// largest of the three with its name.</summary>
    /// <param name="place">Of a request that is not under way.</param>
    /// <param name="size">Places for drawing.</param>
    internal (double Taken, FrontDoorReason Reason) Taken(in Place place, int size)
    {
        var kind = _kinds[(int)place.Kind] / (size * KindShare(place.Kind));
        var sender = _senders[place.Sender & (Senders - 1)]
            / Math.Max(SenderPlacesMin, Share(size, options.SenderPercentMax));
        var (taken, reason) = sender > kind ? (sender, FrontDoorReason.SenderShare) : (kind, FrontDoorReason.NoPlace);

        // Who steers a conference must get through to it above all when everybody draws in it.
        if (place.Kind != AdmissionKind.Drawing) return (taken, reason);
        var target = _targets[place.Target & (Targets - 1)]
            / Math.Max(options.RequestsMin, Share(size, options.ConferencePercentMax));
        return target > taken ? (target, FrontDoorReason.ConferenceShare) : (taken, reason);
    }

    private static double Share(int size, int percent) => size * percent / 100.0;

    private double KindShare(AdmissionKind kind) => kind switch
    {
        AdmissionKind.Steering => options.SteeringPercent / 100.0,
        AdmissionKind.Newcomer => options.NewcomersPercent / 100.0,
        _ => 1,
    };
}

/// <summary>Where a request is counted.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sender">Hash of its sender.</param>
/// <param name="Target">Hash of its target.</param>
/// <param name="IsMessage">Whether a conference decides it.</param>
internal readonly record struct Place(AdmissionKind Kind, int Sender, int Target, bool IsMessage = true);
