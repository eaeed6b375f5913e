using Conference.Actors.Ports;

namespace Conference.Store.Tests.Contract;

/// <summary>One store, opened for one test with nothing in it.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    IConferenceStore Conferences { get; }

    IBlobStore Blobs { get; }

    IRegistrationStore Registrations { get; }

    /// <summary>Whether <see cref="ReopenAsync"/> keeps what was stored.</summary>
    bool IsPersistent { get; }

    /// <summary>Lets the store's clock go on, so that lifetimes end.</summary>
    Task PassAsync(TimeSpan time);

    /// <summary>Closes the store and opens it again, as a new process would.</summary>
    Task ReopenAsync();
}
