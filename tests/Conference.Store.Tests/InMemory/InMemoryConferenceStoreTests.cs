using Conference.Actors.Ports;
using Conference.Store.InMemory;
using Conference.Store.Tests.Contract;
using Microsoft.Extensions.Time.Testing;

namespace Conference.Store.Tests.InMemory;

public sealed class InMemoryConferenceStoreTests : ConferenceStoreContract
{
    protected override Task<IStoreUnderTest> OpenAsync() => Task.FromResult<IStoreUnderTest>(new UnderTest());

    private sealed class UnderTest : IStoreUnderTest
    {
        private readonly FakeTimeProvider _time = new();

        public UnderTest() => Blobs = new InMemoryBlobStore(_time);

        public IConferenceStore Conferences { get; } = new InMemoryConferenceStore();

        public IBlobStore Blobs { get; }

        public IRegistrationStore Registrations { get; } = new InMemoryRegistrationStore();

        public bool IsPersistent => false;

        public Task PassAsync(TimeSpan time)
        {
            _time.Advance(time);
            return Task.CompletedTask;
        }

        public Task ReopenAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
