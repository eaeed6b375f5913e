using Load.Peers;

namespace Load.Compare;

/// <summary>What was measured: servers, and the system calls without a server.</summary>
internal enum Contender
{
    Floor,
    FloorSegments,
    ThisServer,
    KamailioTuned,
    KamailioPackaged,
}

/// <summary>Its name, and which options mean it.</summary>
internal static class Contenders
{
    internal static string Describe(Contender contender) => contender switch
    {
        Contender.Floor => "floor",
        Contender.FloorSegments => "floor, UDP_SEGMENT",
        Contender.ThisServer => "this server",
        Contender.KamailioTuned => "Kamailio tuned",
        Contender.KamailioPackaged => "Kamailio as packaged",
        _ => throw new ArgumentOutOfRangeException(nameof(contender), contender, null),
    };

    internal static Contender Of(LoadOptions options) => options switch
    {
        { Scenario: "floor", HasSegments: true } => Contender.FloorSegments,
        { Scenario: "floor" } => Contender.Floor,
        { Peer: Peer.KamailioTuned } => Contender.KamailioTuned,
        { Peer: Peer.KamailioPackaged } => Contender.KamailioPackaged,
        _ => Contender.ThisServer,
    };
}
