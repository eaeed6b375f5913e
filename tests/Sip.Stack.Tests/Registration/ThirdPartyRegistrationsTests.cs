using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Registration;

namespace Sip.Stack.Tests.Registration;

public sealed class ThirdPartyRegistrationsTests : IDisposable
{
    private const string Alice = "sip:alice@ims.example";
    private const string Tel = "tel:+15550001";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly List<string> _events = [];
    private readonly ThirdPartyRegistrations _table;
    private int _reports;

    public ThirdPartyRegistrationsTests() => _table = NewTable(new ThirdPartyOptions());

    public void Dispose() => _table.Dispose();

    private ThirdPartyRegistrations NewTable(ThirdPartyOptions options)
    {
        var table = new ThirdPartyRegistrations(options, _time, NullLogger<ThirdPartyRegistrations>.Instance);
        table.Registered += one => _events.Add("+" + one.Identity);
        table.Deregistered += one => _events.Add("-" + one.Identity);
        return table;
    }

    private ThirdPartyReport Report(uint? expires, string identity = Alice, params string[] associated)
    {
        _reports++;
        return new ThirdPartyReport(identity, $"call{_reports}", 1, $"z9hG4bK{_reports}", expires, associated);
    }

    [Fact]
    public void Report_OfRegistration_HoldsForItsExpiry()
    {
        Assert.Equal(ThirdPartyOutcome.Registered, _table.Report(Report(720)));

        _time.Advance(TimeSpan.FromSeconds(719));
        Assert.True(_table.IsRegistered(Alice));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_table.IsRegistered(Alice));
        Assert.Equal(["+" + Alice, "-" + Alice], _events);
    }

    [Fact] // Nothing orders two reports, so the last one heard counts.
    public void Report_OfRefreshAndDeregistration_FollowsTheLast()
    {
        _table.Report(Report(720));
        _table.Report(Report(720));
        Assert.Equal(ThirdPartyOutcome.Deregistered, _table.Report(Report(0)));

        Assert.False(_table.IsRegistered(Alice));
        Assert.Equal(["+" + Alice, "+" + Alice, "-" + Alice], _events);
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Report_OfDeregistrationOfStranger_IsNoEvent()
    {
        _table.Report(Report(0));

        Assert.Empty(_events);
    }

    [Fact] // RFC 3261 10.2.4: one Call-ID for all REGISTERs to one registrar, with a rising CSeq.
    public void Report_OfSameCallIdAndHigherCSeq_IsNews()
    {
        var first = Report(720);
        _table.Report(first);

        var last = Report(0) with { CallId = first.CallId, CSeq = 2 };
        Assert.Equal(ThirdPartyOutcome.Deregistered, _table.Report(last));
        Assert.Equal(ThirdPartyOutcome.Duplicate, _table.Report(last with { Branch = "another" }));
        Assert.False(_table.IsRegistered(Alice));
    }

    [Fact] // An old one that comes again after a newer one must not undo it.
    public void Report_OfSameBranchOrCallId_IsDuplicate()
    {
        var first = Report(0);
        _table.Report(first);
        _table.Report(Report(720));

        Assert.Equal(ThirdPartyOutcome.Duplicate, _table.Report(first));
        Assert.Equal(ThirdPartyOutcome.Duplicate, _table.Report(first with { CallId = "other" }));
        Assert.Equal(ThirdPartyOutcome.Duplicate, _table.Report(first with { Branch = "z9hG4bKother" }));
        Assert.True(_table.IsRegistered(Alice));
    }

    [Fact]
    public void Report_OfSameCallIdAfterTheWindow_IsTaken()
    {
        var report = Report(720);
        _table.Report(report);
        _time.Advance(TimeSpan.FromSeconds(65));

        Assert.Equal(ThirdPartyOutcome.Registered, _table.Report(report));
    }

    [Fact]
    public void Report_WithAssociatedIdentities_CoversThem()
    {
        _table.Report(Report(720, Alice, Alice, Tel));

        Assert.True(_table.IsRegistered(Tel));
        _table.Report(Report(0, Alice, Alice, Tel));
        Assert.False(_table.IsRegistered(Tel));
    }

    [Fact] // isc: the buffer of the previous user may be sent
    public void Report_WithAssociatedIdentitiesOfSomebodyElse_IgnoresThem()
    {
        _table.Report(Report(720, Alice, "sip:bob@ims.example", Tel));

        Assert.True(_table.IsRegistered(Alice));
        Assert.False(_table.IsRegistered(Tel));
    }

    [Theory]
    [InlineData(null, 3600)]
    [InlineData(uint.MaxValue, 691_200)]
    public void Report_OfNoOrHugeExpiry_IsBounded(uint? expires, int seconds)
    {
        _table.Report(Report(expires));

        _time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.True(_table.IsRegistered(Alice));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_table.IsRegistered(Alice));
    }

    [Fact]
    public void Report_BeyondTheLimit_IsRefused()
    {
        using var small = NewTable(new ThirdPartyOptions { IdentitiesMax = 1 });
        small.Report(Report(720));

        Assert.Equal(ThirdPartyOutcome.TableFull, small.Report(Report(720, "sip:bob@ims.example")));
        Assert.Equal(ThirdPartyOutcome.Registered, small.Report(Report(720)));
    }

    [Fact]
    public void Restore_TakesWhatHasNotExpired()
    {
        _table.Restore([new(Alice, _time.GetUtcNow().AddSeconds(10)), new(Tel, _time.GetUtcNow())]);

        Assert.True(_table.IsRegistered(Alice));
        Assert.False(_table.IsRegistered(Tel));
        Assert.Empty(_events);
    }

    [Fact]
    public void Describe_OfEveryOutcome_HasAnAnswerAndItsOwnLabel()
    {
        var all = Enum.GetValues<ThirdPartyOutcome>().Select(ThirdPartyOutcomes.Describe).ToList();

        Assert.Equal(all.Count, all.Select(one => one.Label).Distinct().Count());
    }
}
