using System.Collections.Immutable;
using Sip.Stack.Messages;

namespace Sip.Stack.Registration;

/// <summary>What a REGISTER asks for, free of its message (RFC 3261 10.2).</summary>
public sealed record RegisterCommand
{
    /// <summary>Call-ID of the REGISTER.</summary>
    public required string CallId { get; init; }

    /// <summary>CSeq number of the REGISTER.</summary>
    public required uint CSeq { get; init; }

    /// <summary>True for <c>Contact: *</c>.</summary>
    public bool IsWildcard { get; init; }

    /// <summary>The contacts in order; empty for a fetch.</summary>
    public ImmutableArray<RegisterContact> Contacts { get; init; } = [];

    /// <summary>The Expires header field in seconds; null when absent.</summary>
    public uint? HeaderExpires { get; init; }

    /// <summary>Path values in order (RFC 3327).</summary>
    public ImmutableArray<string> Path { get; init; } = [];

    /// <summary>True when Supported or Require names <c>path</c>.</summary>
    public bool SupportsPath { get; init; }

    /// <summary>The way it came.</summary>
    public required BindingFlow Flow { get; init; }
}

/// <summary>One Contact value of a REGISTER.</summary>
/// <param name="Uri">The contact URI.</param>
/// <param name="UriText">The same as written.</param>
/// <param name="Preference">q in thousandths, 0 to 1000.</param>
/// <param name="Expires">The expires parameter in seconds; null when absent.</param>
/// <param name="Parameters">All other parameters as written, each with its semicolon.</param>
public sealed record RegisterContact(
    SipUri Uri, string UriText, int Preference = 1000, uint? Expires = null, string Parameters = "");
