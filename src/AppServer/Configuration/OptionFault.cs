namespace AppServer.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Option">Path of the option, for example <c>Sip:Port</c>.</param>
/// <param name="Value">As given; null when nothing was given. Never a secret.</param>
/// <param name="Rule">What is asked of the value.</param>
public sealed record OptionFault(string Option, string? Value, string Rule)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Value is null ? $"{Option}: {Rule}" : $"{Option} = '{Value}': {Rule}";
}

/// <summary>Marks an option whose value is never printed or logged.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretOptionAttribute : Attribute;

/// <summary>Marks a number or duration that may be zero, for which 0 has the meaning given in its comment.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ZeroAllowedAttribute : Attribute;
