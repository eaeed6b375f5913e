using Conference.Protocol;

namespace AppServer.FrontDoor;

/// <summary>Says who sent a request: the trust boundary (R8). Nothing behind it looks at From again.</summary>
public interface ISenderCheck
{
    /// <summary>Judges a request by where it came from and what it proves.</summary>
    SenderVerdict Check(IFrontDoorExchange exchange);
}

/// <summary>Who a sender is, or why that is not known.</summary>
/// <param name="Sender">Asserted or authenticated; default when refused.</param>
/// <param name="Refusal">Null when the sender is known.</param>
public readonly record struct SenderVerdict(ParticipantUri Sender, Refusal? Refusal)
{
    /// <summary>The sender is known.</summary>
    public static SenderVerdict Is(ParticipantUri sender) => new(sender, null);

    /// <summary>The request is refused.</summary>
    public static SenderVerdict Refused(Refusal refusal) => new(default, refusal);
}
