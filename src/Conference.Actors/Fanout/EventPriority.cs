using System.Diagnostics;
using Conference.Actors.Ports;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Fanout;

/// <summary>Which events make a participant be served before others.</summary>
internal static class EventPriority
{
    /// <summary>The priority of an event.</summary>
    /// <remarks>High is what decides who may do what and which page a mark is drawn on: few events, and small ones. A
    /// page that is shared waits with the marks; when somebody turns to it, the turn raises all who have not got it
    /// yet.
    /// </remarks>
    internal static DeliveryPriority Of(EventBody body) => body switch
    {
        ConferenceCreated or MembersJoined or MemberLeft or ConferenceEnded
            or RightsChanged or DefaultRightsChanged or RightsRequested
            or TurnAwaited or PageTurned or TurnRefused or DocumentClosed => DeliveryPriority.High,
        DocumentShared or PageShared or BoardChanged or ChatSaid
            or SaveAwaited or ConferenceSaved or SaveFailed => DeliveryPriority.Normal,
        _ => throw new UnreachableException($"No priority for {body.GetType().Name}"),
    };
}
