namespace Load;

/// <summary>How a member takes its MESSAGEs.</summary>
internal enum Behaviour
{
    /// <summary>Answers 200, after the round-trip time of the hop.</summary>
    Healthy,

    /// <summary>Never answers.</summary>
    Dead,

    /// <summary>Answers 200 after <see cref="Hop.SlowAnswer"/>.</summary>
    Slow,

    /// <summary>Has no contact: the S-CSCF answers 480.</summary>
    Away,
}

/// <summary>One member behind the next hop. Its own lock guards it.</summary>
internal sealed class HopMember(Audience audience, int number)
{
    internal Audience Audience { get; } = audience;

    /// <summary>In its audience, from 0.</summary>
    internal int Number { get; } = number;

    internal Behaviour Behaviour { get; set; }

    /// <summary>Datagrams and stream messages that came for it, resends included.</summary>
    internal int Arrivals { get; set; }

    /// <summary>MESSAGEs that came for it, resends not counted.</summary>
    internal int Messages { get; set; }

    /// <summary>MESSAGEs that came before the answer to the one before had left (RFC 3428 8 wants none).</summary>
    internal int Overlaps { get; set; }

    /// <summary>Snapshots that it has read, each part counted.</summary>
    internal int Snapshots { get; set; }

    /// <summary>The newest event that it has, by itself or in a snapshot.</summary>
    internal int UpTo { get; set; } = -1;

    /// <summary>Distinguishes the MESSAGE that came last from all others.</summary>
    internal ulong Token { get; set; }

    /// <summary>The last MESSAGE has no answer yet.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>The member has read the last MESSAGE: resends of it say nothing new.</summary>
    internal bool IsRead { get; set; }

    /// <summary>The answer to the last MESSAGE waits for its time.</summary>
    internal bool IsAnswerDue { get; set; }

    /// <summary>The last MESSAGE, or the answer to it, was lost.</summary>
    internal bool IsLost { get; set; }

    /// <summary>When the last MESSAGE that was lost came through.</summary>
    internal long FreeSince { get; set; }

    /// <summary>A MESSAGE came; is it another one than the last?</summary>
    internal void NoteArrival(ulong token)
    {
        Arrivals++;
        if (token == Token) return;
        Messages++;
        if (IsOpen && Behaviour != Behaviour.Dead) Overlaps++;
        (Token, IsOpen, IsRead, IsAnswerDue, IsLost) = (token, true, false, false, false);
    }

    internal void NoteAnswered()
    {
        lock (this) (IsOpen, IsAnswerDue) = (false, false);
    }
}
