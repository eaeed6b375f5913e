using System.Collections.Immutable;
using Sip.Stack.Messages;

namespace Sip.Stack.Registration;

/// <summary>One contact of an address-of-record (RFC 3261 10.3).</summary>
public sealed record Binding
{
    /// <summary>The contact URI, compared by RFC 3261 19.1.4.</summary>
    public required SipUri Contact { get; init; }

    /// <summary>The contact URI as the client wrote it; becomes the Request-URI.</summary>
    public required string ContactText { get; init; }

    /// <summary>All contact parameters but q and expires, as written, each with its semicolon; often empty.</summary>
    public string Parameters { get; init; } = string.Empty;

    /// <summary>q in thousandths, 0 to 1000; 1000 when the client gave none.</summary>
    public int Preference { get; init; } = 1000;

    /// <summary>Call-ID of the REGISTER that made or last refreshed it.</summary>
    public required string CallId { get; init; }

    /// <summary>CSeq number of that REGISTER.</summary>
    public required uint CSeq { get; init; }

    /// <summary>Path values (RFC 3327) in order: the first is the first hop towards the contact.</summary>
    public ImmutableArray<string> Path { get; init; } = [];

    /// <summary>The way that REGISTER came.</summary>
    public required BindingFlow Flow { get; init; }

    /// <summary>When it was last refreshed.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Until when it is good.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
