using System.Xml;
using System.Xml.Schema;
using Conference.Protocol.Xml;

namespace Conference.Protocol.Tests.Xml;

/// <summary>Validates bodies against the shipped schema.</summary>
internal static class SchemaCheck
{
    private static readonly XmlSchemaSet Schemas = Load();

    /// <summary>What is not valid first; null when all is.</summary>
    internal static string? FirstFault(string xml)
    {
        string? first = null;
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = Schemas };
        settings.ValidationEventHandler += (_, fault) => first ??= fault.Message;
        using var reader = XmlReader.Create(new StringReader(xml), settings);
        while (reader.Read())
        {
            // An unknown root is only a warning to the validator, and warnings are not reported.
            var isUnknown = reader is { NodeType: XmlNodeType.Element, Depth: 0, SchemaInfo.SchemaElement: null };
            if (isUnknown) first ??= $"Unknown root {reader.Name}";
        }

        return first;
    }

    private static XmlSchemaSet Load()
    {
        using var stream = ConferenceSchema.Open();
        using var reader = XmlReader.Create(stream);
        var schemas = new XmlSchemaSet();
        schemas.Add(MediaTypes.Namespace, reader);
        schemas.Compile();
        return schemas;
    }
}
