using System.Text;
using Conference.Protocol;

namespace AppServer.Links;

/// <summary>The conference's share of <see cref="HopHead"/>; one for all its participants.</summary>
internal sealed class ConferenceHead
{
    /// <param name="conference">Its URI goes into From and P-Asserted-Identity.</param>
    /// <param name="callIdHost">Makes Call-IDs unique among nodes and starts.</param>
    internal ConferenceHead(ConferenceUri conference, string callIdHost)
    {
        Conference = conference;
        BeforeTag = Encoding.UTF8.GetBytes($">\r\nFrom: <{conference.Value}>;tag=");
        AfterCallId = Encoding.UTF8.GetBytes($"@{callIdHost}\r\nCSeq: 1 MESSAGE\r\nContent-Type: ");
        AfterCallIdAsserted = Encoding.UTF8.GetBytes(
            $"@{callIdHost}\r\nCSeq: 1 MESSAGE\r\nP-Asserted-Identity: <{conference.Value}>\r\nContent-Type: ");
    }

    /// <summary>Whose it is.</summary>
    internal ConferenceUri Conference { get; }

    /// <summary>Where its participants wait for their turn.</summary>
    internal ConferenceFlows Flows { get; } = new();

    internal byte[] BeforeTag { get; }

    internal byte[] AfterCallId { get; }

    internal byte[] AfterCallIdAsserted { get; }
}
