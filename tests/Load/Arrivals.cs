namespace Load;

/// <summary>What the arrival of an event at a participant was.</summary>
internal enum Arrival
{
    First,

    /// <summary>The same request again (the same branch): its answer was late or lost.</summary>
    Retransmitted,

    /// <summary>A request of its own: the participant was sent the event once too often.</summary>
    Twice,
}

/// <summary>Which event has reached which participant, and with which request.</summary>
/// <remarks>Not safe for several threads.</remarks>
internal sealed class Arrivals(int events, int recipients)
{
    private readonly int[]?[] _branches = new int[events][]; // 0: not arrived yet.

    /// <summary>Notes one and says what it is.</summary>
    /// <param name="participant">From 1 on, as <see cref="Participants.Names(int)"/> counts them.</param>
    /// <param name="branch">Any number made of the request's branch.</param>
    internal Arrival Note(int number, int participant, int branch)
    {
        ref var noted = ref (_branches[number] ??= new int[recipients])[participant - 1];
        var mark = branch | 1; // Never 0.
        if (noted == 0)
        {
            noted = mark;
            return Arrival.First;
        }

        return noted == mark ? Arrival.Retransmitted : Arrival.Twice;
    }
}
