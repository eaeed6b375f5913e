using System.Collections.Immutable;

namespace Sip.Stack.Registration;

/// <summary>Keeps bindings over a restart. Filled by the host; the stack knows no database.</summary>
/// <remarks>Any exception means that the write is not durable; the REGISTER is then refused with 503.</remarks>
public interface IBindingStore
{
    /// <summary>Replaces all bindings of one address-of-record; an empty list removes it.</summary>
    ValueTask WriteAsync(string addressOfRecord, ImmutableArray<Binding> bindings, CancellationToken cancel);

    /// <summary>Reads everything, expired bindings included.</summary>
    ValueTask<ImmutableArray<RegisteredAddress>> ReadAllAsync(CancellationToken cancel);
}

/// <summary>One address-of-record with its bindings.</summary>
public sealed record RegisteredAddress(string AddressOfRecord, ImmutableArray<Binding> Bindings);
