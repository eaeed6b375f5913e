namespace AppServer.FrontDoor.Admission;

/// <summary>Conferences that have accepted a request lately: those that are running. A newer one takes the place of an
/// older one with the same slot, so it needs no clock and never grows.</summary>
internal sealed class RecentTargets
{
    // Three times the conferences of a node: 128 KB.
    private const int Slots = 65_536;

    // The half of the hash that is not the slot, and 1, so that 0 is an empty one. A wrong match in 65,536 prefers a
    // request that need not be.
    private readonly int[] _seen = new int[Slots];

    internal void Add(int target) => Volatile.Write(ref _seen[target & (Slots - 1)], Rest(target));

    internal bool Contains(int target) => Volatile.Read(ref _seen[target & (Slots - 1)]) == Rest(target);

    private static int Rest(int target) => (int)((uint)target / Slots) + 1;
}
