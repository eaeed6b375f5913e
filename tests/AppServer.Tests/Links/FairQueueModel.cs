using AppServer.Links;

namespace AppServer.Tests.Links;

/// <summary>The rule of <see cref="FairQueue"/> in plain lists.</summary>
internal sealed class FairQueueModel
{
    private readonly Dictionary<(int Priority, int Conference), List<IWindowGuest>> _waiting = [];
    private readonly List<int>[] _turns = [[], [], []]; // Conferences in the order of their turns, of each priority.
    private readonly int[] _left = [FairQueue.TurnGuests, FairQueue.TurnGuests, FairQueue.TurnGuests];
    private readonly int[] _passedOver = new int[3];
    private int? _owed;
    private int _owedLeft;

    internal int Count => _waiting.Values.Sum(guests => guests.Count);

    internal void Enqueue(int conference, int priority, IWindowGuest guest)
    {
        Of(priority, conference).Add(guest);
        if (!_turns[priority].Contains(conference)) _turns[priority].Add(conference);
    }

    internal void Raise(int conference, int priority)
    {
        for (var lower = priority + 1; lower < 3; lower++)
        {
            foreach (var guest in Of(lower, conference)) Enqueue(conference, priority, guest);
            Of(lower, conference).Clear();
        }
    }

    internal List<IWindowGuest> Take(int count)
    {
        var taken = new List<IWindowGuest>();
        while (taken.Count < count && Count > 0) taken.Add(TakeOne());
        return taken;
    }

    private IWindowGuest TakeOne()
    {
        var priority = Priority();
        var turns = _turns[priority];
        while (Of(priority, turns[0]).Count == 0) EndTurn(priority, isEmpty: true);
        var guests = Of(priority, turns[0]);
        var guest = guests[0];
        guests.RemoveAt(0);
        _left[priority]--;
        if (guests.Count == 0 || _left[priority] == 0) EndTurn(priority, guests.Count == 0);
        if (priority == _owed && (--_owedLeft == 0 || CountOf(priority) == 0)) _owed = null;
        _passedOver[priority] = 0;
        for (var lower = priority + 1; lower < 3; lower++)
            _passedOver[lower] = CountOf(lower) > 0 ? _passedOver[lower] + 1 : 0;
        return guest;
    }

    private int Priority()
    {
        if (_owed is { } owed && CountOf(owed) > 0) return owed;
        _owed = null; // Its guests were raised.
        for (var lower = 2; lower > 0; lower--)
        {
            if (CountOf(lower) == 0 || _passedOver[lower] < FairQueue.PassedOverMax) continue;
            (_owed, _owedLeft) = (lower, FairQueue.TurnGuests);
            return lower;
        }

        return Enumerable.Range(0, 3).First(p => CountOf(p) > 0);
    }

    private void EndTurn(int priority, bool isEmpty)
    {
        var conference = _turns[priority][0];
        _turns[priority].RemoveAt(0);
        if (!isEmpty) _turns[priority].Add(conference);
        _left[priority] = FairQueue.TurnGuests;
    }

    private int CountOf(int priority) =>
        _waiting.Where(lane => lane.Key.Priority == priority).Sum(lane => lane.Value.Count);

    private List<IWindowGuest> Of(int priority, int conference)
    {
        if (!_waiting.TryGetValue((priority, conference), out var guests))
            _waiting[(priority, conference)] = guests = [];
        return guests;
    }
}
