namespace Conference.Protocol.Xml;

/// <summary>The XML schema of the protocol, as shipped with it.</summary>
public static class ConferenceSchema
{
    /// <summary>Name of the file, for who serves it.</summary>
    public const string FileName = "conference-1.xsd";

    /// <summary>Opens the schema for reading; the caller disposes it.</summary>
    public static Stream Open() =>
        typeof(ConferenceSchema).Assembly.GetManifestResourceStream("Conference.Protocol.schemas.conference-1.xsd")
        ?? throw new InvalidOperationException("The schema is not embedded.");
}
