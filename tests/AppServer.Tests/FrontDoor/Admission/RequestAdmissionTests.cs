using System.Globalization;
using AppServer.Configuration;
using AppServer.FrontDoor.Admission;
using AppServer.Tests.Fakes;
using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Protocol.Requests;
using Sip.Stack;
using Sip.Stack.Transactions;
using Xunit;

namespace AppServer.Tests.FrontDoor.Admission;

public sealed class RequestAdmissionTests : IDisposable
{
    // With these no request has a chance, and all have one.
    private static readonly RequestMark Unlucky = new(ulong.MaxValue);
    private static readonly RequestMark Lucky = new(0);

    private readonly FrontDoorRig _rig = new(ServerMode.Ims);
    private readonly List<Place> _entered = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Request_WhileNobodyWaits_IsAdmitted() => Assert.Null(Ask(Drawing(), Unlucky));

    [Fact]
    public void Request_WhenAllPlacesAreTaken_IsRefusedWithRetryAfter()
    {
        Overload();
        var refusal = Ask(Drawing(), Lucky)!;
        Assert.Equal((503, "no_place", "The server is overloaded"), (refusal.Status, refusal.Label, refusal.Phrase));
        Assert.Equal(5, refusal.RetryAfter!.Value.SecondsFor(Lucky));
        Assert.Equal(10, refusal.RetryAfter!.Value.SecondsFor(Unlucky));
    }

    [Fact]
    public void Request_WhenSomePlacesAreTaken_IsAdmittedByItsChance()
    {
        Overload(taken: 0.75);
        Assert.Null(Ask(Drawing(), new RequestMark(ulong.MaxValue / 100 * 49)));
        Assert.NotNull(Ask(Drawing(), new RequestMark(ulong.MaxValue / 100 * 51)));
    }

    [Fact]
    public void Steering_WhenDrawingHasAllPlaces_IsAdmitted()
    {
        Overload();
        Assert.Null(Ask(Leaving(), Unlucky));
    }

    [Fact]
    public void Conference_NotUsedLately_HasThePlacesOfNewcomers()
    {
        Overload();
        var message = _rig.Message(_rig.Uris.Named("other").Value, headers: Asserted("new"));
        Assert.Null(Ask(message, Unlucky));
        for (var i = 0; i < 16; i++) Enter(Create($"creator-{i}"));
        Assert.Equal("no_place", Ask(message, Lucky)!.Label);
    }

    [Fact]
    public void Creates_InMasses_RefuseNoDrawing()
    {
        Overload(taken: 0.1);
        for (var i = 0; i < 500; i++) Enter(Create($"creator-{i}"));
        Assert.Equal("no_place", Ask(Create("creator-9999"), Lucky)!.Label);
        Assert.Null(Ask(Drawing(), Unlucky));
    }

    [Fact]
    public void Sender_WithManyUnderWay_IsRefusedAloneWith480()
    {
        Overload(taken: 0.1);
        for (var i = 0; i < 4; i++) Enter(Drawing("busy"));
        var refusal = Ask(Drawing("busy"), Lucky)!;
        Assert.Equal((480, "sender_share"), (refusal.Status, refusal.Label));
        Assert.Equal(2, refusal.RetryAfter!.Value.SecondsFor(Lucky));
        Assert.Null(Ask(Drawing("calm"), Unlucky));
    }

    [Theory]
    [InlineData("BYE")]
    [InlineData("OPTIONS")]
    [InlineData("REGISTER")]
    public void Method_ThatIsExempt_IsAdmittedWhateverHappens(string method)
    {
        Overload();
        Assert.Null(Ask(_rig.Message(method: method), Unlucky));
    }

    [Fact]
    public void Register_OfAClient_IsANewcomer()
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        var request = FakeExchange.From(rig.Message(method: "REGISTER"));
        Assert.Equal(AdmissionKind.Newcomer, rig.Admission.Enter(request.Request, request.Peer).Kind);
    }

    [Fact]
    public void Registers_ThatWaitForTheRegistrarsStore_AreNotAheadOfMessages()
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        var register = FakeExchange.From(rig.Message(method: "REGISTER"));
        for (var i = 0; i < 500; i++) rig.Admission.Enter(register.Request, register.Peer);
        for (var i = 0; i < 400; i++)
        {
            rig.Time.Advance(TimeSpan.FromMilliseconds(5));
            rig.Admission.NoteDecided(register.Peer, TimeSpan.Zero, null);
        }

        var (places, wait) = rig.Admission.Describe();
        Assert.Equal(new FrontDoorOptions().RequestsMax, places);
        Assert.True(wait < TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void Drawing_InAConferenceThatIsBehind_IsRefusedWith480_AndSteeringIsNot()
    {
        Accept();
        _rig.Lag = new DeliveryLag(TimeSpan.FromSeconds(1), 0);
        var refusal = Ask(Drawing(), Lucky)!;
        Assert.Equal((480, "conference_behind"), (refusal.Status, refusal.Label));
        Assert.Null(Ask(Leaving(), Unlucky));
    }

    [Theory]
    [InlineData(0.4, 0, true)]
    [InlineData(0, 0.2, true)]
    [InlineData(1.1, 0, false)]
    [InlineData(0, 0.5, false)]
    public void Drawing_InAConferenceThatIsBehind_IsAdmittedByHowFar(double seconds, double share, bool isAdmitted)
    {
        Accept();
        _rig.Lag = new DeliveryLag(TimeSpan.FromSeconds(seconds), share);
        Assert.Equal(isAdmitted, Ask(Drawing(), isAdmitted ? Unlucky : Lucky) is null);
    }

    [Fact]
    public void Request_ThatHasWaitedTooLong_IsRefusedWithoutBeingRead()
    {
        var late = FakeExchange.From(Drawing(), "192.0.2.1").Waited(TimeSpan.FromMilliseconds(1_801));
        Assert.Equal("waited_too_long", _rig.Admission.Refuse(late.Request, late.Peer, Lucky)!.Label);
    }

    [Fact]
    public async Task Message_ThatHasWaitedTooLongBehindTheReceiveThread_Gets503WithoutAConferenceSeeingIt()
    {
        var late = FakeExchange.From(Drawing(), "192.0.2.1").Waited(TimeSpan.FromMilliseconds(1_800));
        await _rig.Door.HandleAsync(late);
        Assert.Equal(503, late.Answer!.StatusCode);
        Assert.Empty(_rig.Gateway.Commands);
    }

    [Fact]
    public async Task Message_ThatHasWaited_LeavesItsConferenceTheRestOfTheTime()
    {
        var pending = new TaskCompletionSource<CommandOutcome>();
        _rig.Gateway.Answer = _ => new ValueTask<CommandOutcome>(pending.Task);
        var waited = FakeExchange.From(Drawing(), "192.0.2.1").Waited(TimeSpan.FromMilliseconds(1_000));

        var handled = _rig.Door.HandleAsync(waited);

        var until = _rig.Gateway.Commands[0].Until!.Value;
        Assert.Equal(800, (until - _rig.Time.GetUtcNow()).TotalMilliseconds);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(800));
        await handled;
        Assert.Equal(503, waited.Answer!.StatusCode);
    }

    [Fact]
    public async Task Overload_WhenRequestsAreQuickAgain_RefusesNobody()
    {
        Overload();
        Assert.NotNull(Ask(Drawing(), Lucky));
        foreach (var place in _entered) _rig.Admission.Leave(place);

        for (var i = 0; i < 400; i++)
        {
            _rig.Time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(202, (await _rig.SendAsync(Drawing())).Answer!.StatusCode);
        }

        for (var i = 0; i < 1_000; i++) Enter(Drawing($"member-{i}"));
        Assert.Null(Ask(Drawing("one more"), Unlucky));
    }

    [Fact]
    public async Task Created_Conference_IsARunningOne()
    {
        var created = await _rig.SendAsync(Create("alice"));
        var uri = created.Header(AppServer.FrontDoor.MessageDesk.UriHeader)!.Trim('<', '>');
        var request = FakeExchange.From(_rig.Message(uri, headers: Asserted("alice")));
        Assert.Equal(AdmissionKind.Drawing, _rig.Admission.Enter(request.Request, request.Peer).Kind);
    }

    private static string Asserted(string user) => $"P-Asserted-Identity: <sip:{user.Replace(' ', '-')}@conf.example>";

    private string Drawing(string user = "alice") => _rig.Message(headers: Asserted(user));

    private string Leaving() =>
        _rig.Message(headers: Asserted("new"), body: FrontDoorRig.Xml(new LeaveConference()));

    private string Create(string user) => _rig.Message(
        _rig.Uris.Factory.Value, headers: Asserted(user), body: FrontDoorRig.Xml(FrontDoorRig.Create(), user));

    private StatelessRefusal? Ask(string message, RequestMark mark)
    {
        var exchange = FakeExchange.From(message, "192.0.2.1");
        return _rig.Admission.Refuse(exchange.Request, exchange.Peer, mark);
    }

    private void Enter(string message)
    {
        var exchange = FakeExchange.From(message, "192.0.2.1");
        _entered.Add(_rig.Admission.Enter(exchange.Request, exchange.Peer));
    }

    // The lobby has accepted a request.
    private void Accept()
    {
        var request = FakeExchange.From(Drawing(), "192.0.2.1");
        _rig.Admission.NoteDecided(request.Peer, TimeSpan.Zero, request.Request.RequestUriText);
    }

    /// <summary>Requests wait too long, few are decided, and so large a share of the 64 places for drawing is taken.
    /// </summary>
    private void Overload(double taken = 1)
    {
        Accept();
        for (var i = 0; i < 64 * taken; i++) Enter(Drawing(string.Create(CultureInfo.InvariantCulture, $"m{i}")));
        var late = FakeExchange.From(Drawing(), "192.0.2.1").Waited(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 400; i++)
        {
            _rig.Time.Advance(TimeSpan.FromMilliseconds(5));
            _rig.Admission.NoteDecided(late.Peer, TimeSpan.Zero, late.Request.RequestUriText);
        }
    }
}
