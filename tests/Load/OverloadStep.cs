using System.Diagnostics;

namespace Load;

/// <summary>One step of the overload scenario as it was measured.</summary>
/// <param name="Name">Factor of the peak.</param>
/// <param name="Target">Requests per second that were meant.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="From">First request.</param>
/// <param name="To">Behind the last one.</param>
/// <param name="StartedAt">Timestamp.</param>
/// <param name="EndedAt">Timestamp.</param>
/// <param name="ServerCpu">Seconds of CPU that the server took.</param>
/// <param name="Messages">MESSAGEs that members got in it.</param>
/// <param name="Resends">Requests that were sent again in it.</param>
/// <param name="Unread">Requests that the server has dropped unread.</param>
/// <param name="Drops">Datagrams that its kernel had no room for.</param>
internal sealed record OverloadStep(
    string Name, double Target, double Seconds, int From, int To, long StartedAt, long EndedAt, double ServerCpu,
    long Messages, long Resends, double Unread, double Drops)
{
    /// <summary>What the ledger says of it; read when nothing is open any more.</summary>
    internal OverloadFigures Read(OverloadLedger ledger)
    {
        var answers = new List<float>();
        var deliveries = new List<float>();
        var (accepted, refused, alone, other, unanswered) = (0, 0, 0, 0, 0);
        for (var index = From; index < To; index++)
        {
            if (!ledger.IsAnswered(index))
            {
                unanswered++;
                continue;
            }

            switch (ledger.Status(index))
            {
                case 202:
                    accepted++;
                    answers.Add(Milliseconds(ledger, index, ledger.AnsweredAt(index)));
                    if (ledger.DoneAt(index) is > 0 and var done) deliveries.Add(Milliseconds(ledger, index, done));
                    break;
                case 503:
                    refused++;
                    break;
                case 480:
                    alone++;
                    break;
                default:
                    other++;
                    break;
            }
        }

        // What became known to all while the step ran, whenever it was sent.
        var good = Enumerable.Range(0, To).Count(
            index => ledger.DoneAt(index) > StartedAt && ledger.DoneAt(index) <= EndedAt);
        return new OverloadFigures(
            (To - From) / Seconds, accepted / Seconds, refused / Seconds, alone / Seconds, other, unanswered,
            good / Seconds,
            Deliveries.At(answers, 0.5), Deliveries.At(answers, 0.99), Deliveries.At(deliveries, 0.99));
    }

    /// <summary>Share of the time's windows, and p99 of the 202 in each: to see when all is as before.</summary>
    internal IEnumerable<(double At, double P99, int Refused, int Unanswered)> Windows(
        OverloadLedger ledger, TimeSpan width)
    {
        var ticks = (long)(width.TotalSeconds * Stopwatch.Frequency);
        for (var (at, index) = (StartedAt, From); at + ticks <= EndedAt; at += ticks)
        {
            var answers = new List<float>();
            var (refused, unanswered) = (0, 0);
            for (; index < To && ledger.SentAt(index) < at + ticks; index++)
            {
                if (!ledger.IsAnswered(index)) unanswered++;
                else if (ledger.Status(index) is 503 or 480) refused++;
                else if (ledger.Status(index) == 202)
                    answers.Add(Milliseconds(ledger, index, ledger.AnsweredAt(index)));
            }

            yield return (
                Stopwatch.GetElapsedTime(StartedAt, at + ticks).TotalSeconds, Deliveries.At(answers, 0.99), refused,
                unanswered);
        }
    }

    private static float Milliseconds(OverloadLedger ledger, int index, long until) =>
        (float)Stopwatch.GetElapsedTime(ledger.SentAt(index), until).TotalMilliseconds;
}

/// <summary>Figures of one step, most per second; of requests first sent in it. Refused: with 503; refused alone: with
/// 480, while others are taken.</summary>
internal sealed record OverloadFigures(
    double Offered, double Accepted, double Refused, double RefusedAlone, int Other, int Unanswered, double Good,
    double Answer50, double Answer99, double Delivery99);
