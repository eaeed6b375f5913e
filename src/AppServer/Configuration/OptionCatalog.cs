using System.Collections.Immutable;
using System.Reflection;

namespace AppServer.Configuration;

/// <summary>One option: a leaf of the tree of options records.</summary>
/// <param name="Path">For example <c>Sip:Port</c>.</param>
/// <param name="Property">Where it is declared.</param>
/// <param name="Default">Its value when nothing is configured.</param>
public sealed record OptionDescription(string Path, PropertyInfo Property, object? Default)
{
    /// <summary>The type of its value, without <see cref="Nullable{T}"/>.</summary>
    public Type ValueType { get; } = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Whether its value is kept out of logs and messages.</summary>
    public bool IsSecret => Property.GetCustomAttribute<SecretOptionAttribute>() is not null;
}

/// <summary>Walks the options records: what can be configured, by which path, with which default.</summary>
public static class OptionCatalog
{
    /// <summary>All options in the order of their declaration.</summary>
    public static ImmutableArray<OptionDescription> All { get; } =
        [.. Describe(typeof(AppServerOptions), new AppServerOptions(), string.Empty)];

    /// <summary>The settable properties of a record: those that <see cref="OptionsBinder"/> fills.</summary>
    internal static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0);

    /// <summary>Whether a property holds a value of its own and not a further record.</summary>
    internal static bool IsLeaf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return IsSingle(type) || ElementOf(type) is not null;
    }

    /// <summary>The type of a list's elements; null when the type is no list that can be configured.</summary>
    internal static Type? ElementOf(Type type)
    {
        if (!type.IsGenericType) return null;
        var kind = type.GetGenericTypeDefinition();
        if (kind != typeof(ImmutableArray<>) && kind != typeof(IReadOnlyList<>)) return null;
        var element = type.GetGenericArguments()[0];
        return IsSingle(element) ? element : null;
    }

    private static bool IsSingle(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);

    internal static IEnumerable<OptionDescription> Describe(Type type, object instance, string prefix)
    {
        foreach (var property in PropertiesOf(type))
        {
            var path = prefix + property.Name;
            var value = property.GetValue(instance);
            if (IsLeaf(property.PropertyType))
            {
                yield return new OptionDescription(path, property, value);
                continue;
            }

            foreach (var inner in Describe(property.PropertyType, value!, path + ":")) yield return inner;
        }
    }
}
