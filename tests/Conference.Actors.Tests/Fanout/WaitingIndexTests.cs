using Conference.Actors.Fanout;
using Conference.Protocol;
using Xunit;
using static Conference.Actors.Tests.Fanout.FanoutBench;

namespace Conference.Actors.Tests.Fanout;

public class WaitingIndexTests
{
    private static readonly ConferenceUri Other = ConferenceUri.Parse("sip:conf-2@conf.example");
    private static readonly ConferenceUri Third = ConferenceUri.Parse("sip:conf-3@conf.example");
    private readonly WaitingIndex _index = new(countMax: 2);

    [Fact]
    public void Take_GivesEachConferenceOnce_AndForgets()
    {
        _index.Add(Member(1), FanoutBench.Uri);
        _index.Add(Member(1), Other);
        _index.Add(Member(1), FanoutBench.Uri);
        _index.Add(Member(1), Third);
        _index.Add(Member(1), Other);
        var taken = _index.Take(Member(1));
        Assert.Equal([FanoutBench.Uri, Other, Third], taken.OrderBy(uri => uri.Value, StringComparer.Ordinal));
        Assert.Empty(_index.Take(Member(1)));
        Assert.Empty(_index.Take(Member(2)));
    }

    [Fact]
    public void BeyondTheMost_NewOnesAreLeftOut_KnownOnesAreNot()
    {
        _index.Add(Member(1), FanoutBench.Uri);
        _index.Add(Member(2), FanoutBench.Uri);
        _index.Add(Member(3), FanoutBench.Uri);
        _index.Add(Member(2), Other);
        Assert.Empty(_index.Take(Member(3)));
        Assert.Equal(2, _index.Take(Member(2)).Count);
        _index.Add(Member(3), FanoutBench.Uri); // there is room again
        Assert.Single(_index.Take(Member(3)));
    }
}
