using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Prometheus;
using Sip.Stack.Messages;

namespace Sip.Stack.Dialogs;

/// <summary>Room 4: all dialogs of this node by their id. Thread-safe.</summary>
/// <remarks>
/// A dialog is a value; a step replaces it, and only if nobody else did meanwhile, so two requests of one peer that
/// are handled at once cannot both get the same number.
/// </remarks>
public sealed class DialogTable
{
    private static readonly Gauge Alive = Metrics.CreateGauge(
        "conference_as_sip_dialogs", "Dialogs alive.");

    private static readonly Counter Outcomes = Metrics.CreateCounter(
        "conference_as_sip_dialog_requests_total", "Requests that made or met a dialog, by outcome.", "outcome");

    private readonly ConcurrentDictionary<DialogId, Dialog> _dialogs = new();
    private readonly int _dialogsMax;
    private int _count; // Reserved before a dialog is added, so that the limit holds between threads.

    /// <summary>Makes an empty table.</summary>
    /// <param name="dialogsMax">
    /// About 1 KB each; beyond: <see cref="DialogOutcome.TooManyDialogs"/> (503). 100,000 is ten times the largest
    /// conference with a dialog for each participant.
    /// </param>
    public DialogTable(int dialogsMax = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dialogsMax);
        _dialogsMax = dialogsMax;
    }

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Keeps a new dialog, or replaces one of the same id: a 2xx after its provisional responses.</summary>
    public DialogOutcome Add(Dialog dialog)
    {
        while (true)
        {
            if (_dialogs.TryGetValue(dialog.Id, out var known))
            {
                if (_dialogs.TryUpdate(dialog.Id, dialog, known)) return Note(DialogOutcome.Accepted);
                continue;
            }

            if (Interlocked.Increment(ref _count) > _dialogsMax)
            {
                Interlocked.Decrement(ref _count);
                return Note(DialogOutcome.TooManyDialogs);
            }

            if (_dialogs.TryAdd(dialog.Id, dialog)) return Note(DialogOutcome.Accepted);
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>The dialog of a received request; false when it is in none that is known here.</summary>
    public bool TryFind(SipRequest request, [NotNullWhen(true)] out Dialog? dialog)
    {
        dialog = null;
        return DialogId.Of(request) is { } id && _dialogs.TryGetValue(id, out dialog);
    }

    /// <summary>A dialog by its id.</summary>
    public bool TryFind(DialogId id, [NotNullWhen(true)] out Dialog? dialog) => _dialogs.TryGetValue(id, out dialog);

    /// <summary>Takes in a request of the peer.</summary>
    /// <param name="dialog">The dialog afterwards; null when there is none.</param>
    /// <returns>Null when the request is in no known dialog: 481.</returns>
    public DialogOutcome? Receive(SipRequest request, out Dialog? dialog)
    {
        while (TryFind(request, out dialog))
        {
            var outcome = dialog.Receive(request, out var next);
            if (outcome != DialogOutcome.Accepted) return Note(outcome);
            if (!_dialogs.TryUpdate(dialog.Id, next, dialog)) continue;
            dialog = next;
            return Note(outcome);
        }

        return null;
    }

    /// <summary>Begins a request in a dialog and spends its number.</summary>
    /// <returns>Null when the dialog has ended.</returns>
    public SipRequestBuilder? NewRequest(DialogId id, string method)
    {
        while (_dialogs.TryGetValue(id, out var dialog))
        {
            var request = dialog.NewRequest(method, out var next);
            if (_dialogs.TryUpdate(id, next, dialog)) return request;
        }

        return null;
    }

    /// <summary>
    /// Ends a dialog (BYE, the end of its last subscription, 481 or 408 to a request in it: RFC 3261 12.3).
    /// </summary>
    public bool Remove(DialogId id)
    {
        if (!_dialogs.TryRemove(id, out _)) return false;
        Alive.Set(Interlocked.Decrement(ref _count));
        return true;
    }

    private DialogOutcome Note(DialogOutcome outcome)
    {
        Outcomes.WithLabels(DialogOutcomes.Describe(outcome).Label).Inc();
        Alive.Set(Count);
        return outcome;
    }
}
