using System.Collections.Immutable;
using System.Globalization;

namespace AppServer.Configuration;

/// <summary>Fills options records from a configuration and notes every fault, not only the first.</summary>
/// <remarks>The binder of the framework throws at the first value it cannot convert and passes over keys it does not
/// know; an operator wants all faults in one go, and a misspelt option is one of them.</remarks>
internal sealed class OptionsBinder
{
    private readonly List<OptionFault> _faults = [];

    private OptionsBinder()
    {
    }

    /// <summary>Reads all options.</summary>
    /// <param name="configuration">All sources, the later ones over the earlier ones.</param>
    /// <param name="faults">Values of the wrong type and keys that name no option.</param>
    internal static AppServerOptions Bind(IConfiguration configuration, out ImmutableArray<OptionFault> faults)
    {
        var binder = new OptionsBinder();
        var options = binder.BindRecord(typeof(AppServerOptions), new AppServerOptions(), configuration);
        faults = [.. binder._faults];
        return (AppServerOptions)options;
    }

    /// <summary>Turns the text of a value into the value.</summary>
    /// <returns>Null when the text is no such value.</returns>
    internal static object? Convert(string text, Type type)
    {
        const NumberStyles Whole = NumberStyles.AllowLeadingSign;
        var culture = CultureInfo.InvariantCulture;
        if (type == typeof(string)) return text;
        if (type == typeof(bool)) return bool.TryParse(text, out var flag) ? flag : null;
        if (type == typeof(int)) return int.TryParse(text, Whole, culture, out var n) ? n : null;
        if (type == typeof(long)) return long.TryParse(text, Whole, culture, out var l) ? l : null;
        if (type == typeof(double)) return double.TryParse(text, NumberStyles.Float, culture, out var d) ? d : null;
        if (type == typeof(TimeSpan)) return TryDuration(text, out var span) ? span : null;
        if (OptionCatalog.ElementOf(type) is { } element) return ConvertAll(Split(text), element, type);
        if (!type.IsEnum) throw new NotSupportedException($"No option can be of type {type.Name}.");
        var name = Enum.GetNames(type).FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        return name is null ? null : Enum.Parse(type, name);
    }

    /// <summary>What a value of a type looks like, for a fault and the help text.</summary>
    internal static string Shape(Type type)
    {
        if (type == typeof(string)) return "text";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int) || type == typeof(long)) return "a whole number";
        if (type == typeof(double)) return "a number";
        if (type == typeof(TimeSpan)) return "a duration as [d.]hh:mm:ss[.fff]";
        if (type.IsEnum) return "one of " + string.Join(", ", Enum.GetNames(type));
        return "a list, each " + Shape(OptionCatalog.ElementOf(type)!);
    }

    // "30" alone would mean 30 days to TimeSpan.Parse: surprising, so a colon is asked for.
    private static bool TryDuration(string text, out TimeSpan span)
    {
        span = default;
        return text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span);
    }

    private static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static object? ConvertAll(string[] texts, Type element, Type list)
    {
        var values = Array.CreateInstance(element, texts.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            if (Convert(texts[i], element) is not { } value) return null;
            values.SetValue(value, i);
        }

        if (list.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return values;
        var create = typeof(ImmutableArray).GetMethods()
            .Single(method => method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is
                [{ ParameterType.IsArray: true } first] && first.IsDefined(typeof(ParamArrayAttribute), false));
        return create.MakeGenericMethod(element).Invoke(null, [values]);
    }

    private object BindRecord(Type type, object defaults, IConfiguration configuration)
    {
        var instance = Activator.CreateInstance(type)!;
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in OptionCatalog.PropertiesOf(type))
        {
            known.Add(property.Name);
            var section = configuration.GetSection(property.Name);
            var value = property.GetValue(defaults);
            if (section.Exists() || section.Value is not null)
            {
                var isLeaf = OptionCatalog.IsLeaf(property.PropertyType);
                value = isLeaf
                    ? BindLeaf(property, section, value)
                    : BindRecord(property.PropertyType, value!, section);
                if (!isLeaf && !string.IsNullOrEmpty(section.Value))
                    _faults.Add(new OptionFault(section.Path, section.Value, "must be a group of options"));
            }

            property.SetValue(instance, value);
        }

        NoteUnknown(configuration, known);
        return instance;
    }

    private object? BindLeaf(System.Reflection.PropertyInfo property, IConfigurationSection section, object? standard)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var text = section.Value;
        var isList = OptionCatalog.ElementOf(type) is not null;
        var children = section.GetChildren();
        var isGroup = isList ? children.Any(child => child.Value is null || !IsIndex(child.Key)) : children.Any();
        if (isGroup)
        {
            _faults.Add(new OptionFault(section.Path, null, $"must be {Shape(type)}, not a group of options"));
            return standard;
        }

        if (isList && string.IsNullOrEmpty(text))
        {
            // A list: as array elements from the file, or comma separated from the environment or command line.
            text = string.Join(',', children.Select(child => child.Value));
        }

        if (text is null) return standard;
        var value = Convert(text, type);
        if (value is not null) return value;
        var isSecret = property.IsDefined(typeof(SecretOptionAttribute), inherit: false);
        _faults.Add(new OptionFault(section.Path, isSecret ? "***" : text, $"must be {Shape(type)}"));
        return standard;
    }

    private static bool IsIndex(string key) => key.All(char.IsAsciiDigit);

    private void NoteUnknown(IConfiguration configuration, HashSet<string> known)
    {
        foreach (var child in configuration.GetChildren())
        {
            if (known.Contains(child.Key) || child.Key.StartsWith('$')) continue;
            _faults.Add(new OptionFault(child.Path, child.Value, "no option has this name"));
        }
    }
}
