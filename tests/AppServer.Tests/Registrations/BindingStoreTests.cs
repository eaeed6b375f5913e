using AppServer.Registrations;
using Conference.Store.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Messages;
using Sip.Stack.Registration;
using Xunit;

namespace AppServer.Tests.Registrations;

public sealed class BindingStoreTests
{
    [Fact]
    public async Task Registrar_AfterARestart_FindsTheBindingAgain()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var store = new BindingStore(new InMemoryRegistrationStore(new StoreFaults(time)));
        using (var first = Make(store, time))
        {
            Assert.True(BindingFlow.TryParse("udp:192.0.2.1:5070", out var flow));
            var command = new RegisterCommand
            {
                CallId = "c", CSeq = 3, Flow = flow!, Path = ["<sip:p@192.0.2.9;lr>"], SupportsPath = true,
                Contacts = [new RegisterContact(SipUri.Parse("sip:alice@10.0.0.1"), "sip:alice@10.0.0.1", 500, 600)],
            };
            var step = await first.RegisterAsync("sip:alice@conf.example", command);
            Assert.Equal(RegisterOutcome.Updated, step.Outcome);
        }

        using var second = Make(store, time);
        await second.RestoreAsync(CancellationToken.None);
        var binding = Assert.Single(second.Lookup("sip:alice@conf.example"));
        Assert.Equal(
            ("sip:alice@10.0.0.1", 500, 3u, "udp:192.0.2.1:5070", "<sip:p@192.0.2.9;lr>"),
            (binding.ContactText, binding.Preference, binding.CSeq, binding.Flow.ToString(), binding.Path.Single()));
        time.Advance(TimeSpan.FromSeconds(601));
        Assert.Empty(second.Lookup("sip:alice@conf.example"));
    }

    private static Registrar Make(BindingStore store, TimeProvider time) =>
        new(new RegistrarOptions(), store, time, NullLogger<Registrar>.Instance);
}
