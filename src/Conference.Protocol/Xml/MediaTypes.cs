namespace Conference.Protocol.Xml;

/// <summary>The media types of MESSAGE bodies and of pages.</summary>
public static class MediaTypes
{
    /// <summary>Bodies of this protocol, in both directions.</summary>
    public const string ConferenceXml = "application/vnd.ims-conference+xml";

    /// <summary>A chat line from, or a notice to, a client that does not know the protocol.</summary>
    public const string PlainText = "text/plain";

    /// <summary>A page or picture.</summary>
    public const string Png = "image/png";

    /// <summary>A page or picture.</summary>
    public const string Jpeg = "image/jpeg";

    /// <summary>The XML namespace, with the version of the protocol at its end.</summary>
    public const string Namespace = "urn:ims-conference:sharing:1";
}
