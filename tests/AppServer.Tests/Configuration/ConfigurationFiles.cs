using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AppServer.Configuration;

namespace AppServer.Tests.Configuration;

/// <summary>Writes config/appserver.json and its schema from the options records and their documentation, so that the
/// three cannot differ. <c>UPDATE_CONFIG_FILES=1</c> in the environment of the tests rewrites the files.</summary>
internal static partial class ConfigurationFiles
{
    private const int LineMax = 118;

    private static readonly Dictionary<string, XElement> Documentation = LoadDocumentation();

    internal static string Options()
    {
        var text = new StringBuilder();
        const string Introduction = "Every option of the server with its default. Leave out what you do not change. "
            + "A value here is over the built-in default; an environment variable (CONFERENCE_AS__Section__Option) is "
            + "over this file, the command line (--Section:Option=value) over both. Durations: [d.]hh:mm:ss[.fff]. "
            + "Names that no option has are refused.";
        foreach (var line in Wrap(Introduction, LineMax - 3)) text.Append("// ").AppendLine(line);
        text.AppendLine("{");
        text.AppendLine("  \"$schema\": \"appserver.schema.json\",");
        WriteRecord(text, typeof(AppServerOptions), new AppServerOptions(), "  ");
        text.AppendLine("}");
        return text.ToString();
    }

    internal static string Schema()
    {
        var root = SchemaOf(typeof(AppServerOptions), new AppServerOptions());
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Conference application server: config/appserver.json",
        };
        foreach (var (name, value) in root) schema[name] = value?.DeepClone();
        ((JsonObject)schema["properties"]!).Insert(0, "$schema", new JsonObject { ["type"] = "string" });
        var format = new JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return schema.ToJsonString(format) + "\n";
    }

    private static void WriteRecord(StringBuilder text, Type type, object instance, string indent)
    {
        var properties = OptionCatalog.PropertiesOf(type).ToArray();
        for (var i = 0; i < properties.Length; i++)
        {
            var property = properties[i];
            var value = property.GetValue(instance);
            foreach (var line in Wrap(SummaryOf(property), LineMax - indent.Length - 3))
                text.Append(indent).Append("// ").AppendLine(line);
            text.Append(indent).Append('"').Append(property.Name).Append("\": ");
            var isLast = i == properties.Length - 1;
            if (OptionCatalog.IsLeaf(property.PropertyType))
            {
                text.Append(Json(value)).AppendLine(isLast ? "" : ",");
                if (!isLast) text.AppendLine();
                continue;
            }

            text.AppendLine("{");
            WriteRecord(text, property.PropertyType, value!, indent + "  ");
            text.Append(indent).AppendLine(isLast ? "}" : "},");
            if (!isLast) text.AppendLine();
        }
    }

    private static JsonObject SchemaOf(Type type, object instance)
    {
        var properties = new JsonObject();
        foreach (var property in OptionCatalog.PropertiesOf(type))
        {
            var value = property.GetValue(instance);
            var schema = OptionCatalog.IsLeaf(property.PropertyType)
                ? LeafSchema(property.PropertyType, value)
                : SchemaOf(property.PropertyType, value!);
            schema.Insert(0, "description", SummaryOf(property));
            properties[property.Name] = schema;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }

    private static JsonObject LeafSchema(Type type, object? value)
    {
        var isNullable = value is null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        var schema = TypeSchema(type);
        if (isNullable) schema["type"] = new JsonArray(schema["type"]!.GetValue<string>(), "null");
        schema["default"] = JsonNode.Parse(Json(value));
        return schema;
    }

    private static JsonObject TypeSchema(Type type)
    {
        if (OptionCatalog.ElementOf(type) is { } element)
            return new JsonObject { ["type"] = "array", ["items"] = TypeSchema(element) };
        if (type.IsEnum)
        {
            return new JsonObject
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)name)]),
            };
        }

        if (type == typeof(TimeSpan))
        {
            return new JsonObject
            {
                ["type"] = "string",
                ["pattern"] = @"^(\d+\.)?\d{1,2}:\d{2}(:\d{2}(\.\d{1,7})?)?$",
            };
        }

        var name = type == typeof(bool) ? "boolean" : type == typeof(string) ? "string"
            : type == typeof(double) ? "number" : "integer";
        return new JsonObject { ["type"] = name };
    }

    private static string Json(object? value) => value switch
    {
        null => "null",
        string text => JsonSerializer.Serialize(text),
        bool flag => flag ? "true" : "false",
        TimeSpan span => $"\"{span.ToString("c", CultureInfo.InvariantCulture)}\"",
        Enum name => $"\"{name}\"",
        System.Collections.IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Json))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    private static string SummaryOf(PropertyInfo property)
    {
        var key = $"P:{property.DeclaringType!.FullName}.{property.Name}";
        var summary = Documentation.GetValueOrDefault(key)?.Element("summary")
            ?? throw new InvalidOperationException($"No summary for {key}.");
        foreach (var reference in summary.Descendants().ToArray())
        {
            var cref = reference.Attribute("cref")?.Value;
            reference.ReplaceWith(cref is null ? reference.Value : cref[(cref.LastIndexOf('.') + 1)..]);
        }

        return Blanks().Replace(summary.Value, " ").Trim();
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            if (line.Length > 0) line.Append(' ');
            line.Append(word);
        }

        yield return line.ToString();
    }

    private static Dictionary<string, XElement> LoadDocumentation()
    {
        var members = new Dictionary<string, XElement>();
        foreach (var file in (string[])["AppServer", "Conference.Actors", "Conference.Store", "Conference.Protocol"])
        {
            var path = Path.Combine(AppContext.BaseDirectory, file + ".xml");
            foreach (var member in XDocument.Load(path).Descendants("member"))
                members[member.Attribute("name")!.Value] = member;
        }

        return members;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
