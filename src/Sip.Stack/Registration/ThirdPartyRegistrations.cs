using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Sip.Stack.Registration;

/// <summary>
/// Who is registered in the network, as far as third-party REGISTER requests tell (TS 24.229 5.4.1.7).
/// </summary>
/// <remarks>
/// <para>Thread-safe. The reports are a hint, not the truth: every report of a Kamailio S-CSCF has a new Call-ID and
/// the same CSeq, so nothing orders two of them; none comes when a registration expires or the network ends it; and
/// <c>Expires: 0</c> may come while another device is still registered. So a sender is never refused and a delivery
/// never withheld because of what stands here; a report wakes deliveries that were given up, no more.</para>
/// <para>The identities in P-Associated-URI are believed only when the one in To is among them: one S-CSCF is known to
/// send the list of another user when it cannot build this one's.</para>
/// </remarks>
public sealed class ThirdPartyRegistrations : IDisposable
{
    private readonly ThirdPartyOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly EventRelay<(ThirdPartyRegistration Registration, bool IsRegistered)> _events;
    private readonly ITimer _sweep;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Dictionary<string, DateTimeOffset> _identities = new(StringComparer.Ordinal);
    private readonly ExpiryQueue<string> _expiry = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, DateTimeOffset Until)> _seenUntil = new();

    /// <summary>Makes an empty table and starts looking for expired entries.</summary>
    public ThirdPartyRegistrations(
        ThirdPartyOptions options, TimeProvider time, ILogger<ThirdPartyRegistrations> log)
    {
        _options = options;
        _time = time;
        _log = log;
        _events = new EventRelay<(ThirdPartyRegistration, bool)>(Raise);
        _sweep = time.CreateTimer(_ => Sweep(), null, options.SweepInterval, options.SweepInterval);
    }

    /// <summary>
    /// An identity was reported as registered, also when it was known to be. In order; a listener must be quick.
    /// </summary>
    public event Action<ThirdPartyRegistration>? Registered;

    /// <summary>An identity was reported as gone, or its report ran out. A hint only.</summary>
    public event Action<ThirdPartyRegistration>? Deregistered;

    /// <summary>How many identities are known.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _identities.Count;
        }
    }

    /// <summary>Whether the last report about this identity says that it is registered and has not run out.</summary>
    /// <param name="identity">Canonical, as from <see cref="AddressOfRecord.TryGet"/>.</param>
    public bool IsRegistered(string identity)
    {
        lock (_gate) return _identities.TryGetValue(identity, out var until) && until > _time.GetUtcNow();
    }

    /// <summary>Takes in one report.</summary>
    public ThirdPartyOutcome Report(ThirdPartyReport report)
    {
        ThirdPartyOutcome outcome;
        lock (_gate) outcome = Take(report, _time.GetUtcNow());
        Note(outcome, report.Identity);
        _events.Deliver();
        return outcome;
    }

    /// <summary>Takes over what was known before a restart; raises no events.</summary>
    public void Restore(IEnumerable<ThirdPartyRegistration> registrations)
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            foreach (var one in registrations)
            {
                if (one.ExpiresAt > now && _identities.Count < _options.IdentitiesMax) Put(one.Identity, one.ExpiresAt);
            }
        }
    }

    /// <summary>Stops looking for expired entries.</summary>
    public void Dispose() => _sweep.Dispose();

    // Under _gate.
    private ThirdPartyOutcome Take(ThirdPartyReport report, DateTimeOffset now)
    {
        if (IsDuplicate(report, now)) return ThirdPartyOutcome.Duplicate;
        var seconds = report.Expires ?? (uint)_options.ExpiresDefault.TotalSeconds;
        var until = now + TimeSpan.FromSeconds(Math.Min(seconds, _options.ExpiresMax.TotalSeconds));
        foreach (var identity in Identities(report))
        {
            if (seconds == 0)
            {
                if (!_identities.Remove(identity)) continue;
                _expiry.Forget(identity);
                _events.Queue((new ThirdPartyRegistration(identity, now), false));
                continue;
            }

            if (!_identities.ContainsKey(identity) && _identities.Count >= _options.IdentitiesMax)
            {
                return ThirdPartyOutcome.TableFull;
            }

            Put(identity, until);
            _events.Queue((new ThirdPartyRegistration(identity, until), true));
        }

        RegistrationMetrics.ThirdPartyIdentities.Set(_identities.Count);
        return seconds == 0 ? ThirdPartyOutcome.Deregistered : ThirdPartyOutcome.Registered;
    }

    private List<string> Identities(ThirdPartyReport report)
    {
        List<string> identities = [report.Identity];
        if (!report.Associated.Contains(report.Identity)) return identities;
        foreach (var associated in report.Associated)
        {
            if (identities.Count > _options.AssociatedMax) break;
            if (!identities.Contains(associated)) identities.Add(associated);
        }

        return identities;
    }

    // Under _gate. Branch, and Call-ID with CSeq, are both remembered: either one repeated is the same report.
    private bool IsDuplicate(ThirdPartyReport report, DateTimeOffset now)
    {
        while (_seenUntil.TryPeek(out var oldest)
            && (oldest.Until <= now || _seenUntil.Count >= _options.DuplicatesMax * 2))
        {
            _seen.Remove(_seenUntil.Dequeue().Key);
        }

        var isNewNumber = Remember(
            string.Create(CultureInfo.InvariantCulture, $"c:{report.CSeq} {report.CallId}"), now);
        var isNewBranch = report.Branch is null || Remember("b:" + report.Branch, now);
        return !isNewNumber || !isNewBranch;
    }

    private bool Remember(string key, DateTimeOffset now)
    {
        if (!_seen.Add(key)) return false;
        _seenUntil.Enqueue((key, now + _options.DuplicateWindow));
        return true;
    }

    private void Put(string identity, DateTimeOffset until)
    {
        _identities[identity] = until;
        _expiry.Watch(identity, until);
    }

    private void Sweep()
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            while (_expiry.TryTakeDue(now, out var identity))
            {
                if (!_identities.TryGetValue(identity, out var until)) continue;
                if (until > now)
                {
                    _expiry.Watch(identity, until);
                    continue;
                }

                _identities.Remove(identity);
                _events.Queue((new ThirdPartyRegistration(identity, until), false));
            }

            RegistrationMetrics.ThirdPartyIdentities.Set(_identities.Count);
        }

        _events.Deliver();
    }

    private void Note(ThirdPartyOutcome outcome, string identity)
    {
        RegistrationMetrics.ThirdPartyRegisters.WithLabels(ThirdPartyOutcomes.Describe(outcome).Label).Inc();
        _log.ThirdParty(outcome, identity);
    }

    private void Raise((ThirdPartyRegistration Registration, bool IsRegistered) change)
    {
        try
        {
            (change.IsRegistered ? Registered : Deregistered)?.Invoke(change.Registration);
        }
        catch (Exception fault)
        {
            _log.ListenerFailed(fault);
        }
    }
}
