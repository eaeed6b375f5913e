using System.Collections.Immutable;

namespace Sip.Stack.Registration;

/// <summary>Why bindings changed.</summary>
public enum BindingsChangeCause
{
    /// <summary>
    /// A REGISTER added, refreshed or removed some. A mere refresh counts: it shows that the client is there.
    /// </summary>
    Registered,

    /// <summary>Some ran out.</summary>
    Expired,
}

/// <summary>The bindings of one address-of-record after a change.</summary>
/// <param name="Bindings">What is left, best first; empty when nobody is registered any more.</param>
public sealed record BindingsChange(
    string AddressOfRecord, ImmutableArray<Binding> Bindings, BindingsChangeCause Cause);
