using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Client.Pages;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Sip.Stack.Transport;

namespace Demo;

/// <summary>The conference of the demo, from first to last request.</summary>
internal sealed class Story : IAsyncDisposable
{
    /// <summary>The seven users: chair first.</summary>
    public static readonly ImmutableArray<string> Names =
        ["chair", "cardio", "surgery", "radio", "nurse", "dispatch", "latecomer"];

    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);

    private readonly ServerProcess _server;
    private readonly IReadOnlyDictionary<string, string> _passwords;
    private readonly IReadOnlyList<FolderPageSource> _documents;
    private readonly string _folder;
    private readonly Progress _progress;
    private readonly Participant _chair, _cardio, _surgery, _radio, _nurse, _late;
    private Process? _dispatch;

    public Story(
        ServerProcess server, IReadOnlyDictionary<string, string> passwords, IReadOnlyList<FolderPageSource> documents,
        string folder, Progress progress)
    {
        (_server, _passwords, _documents, _folder, _progress) = (server, passwords, documents, folder, progress);
        _chair = new Participant(server, Names[0], "Chair, Northfield", SipTransportKind.Tcp);
        _cardio = new Participant(server, Names[1], "Cardiology", SipTransportKind.Udp);
        _surgery = new Participant(server, Names[2], "Surgery", SipTransportKind.Tcp);
        _radio = new Participant(server, Names[3], "Radiology", SipTransportKind.Udp);
        _nurse = new Participant(server, Names[4], "Nurse in charge", SipTransportKind.Udp);
        _late = new Participant(server, Names[6], "Heart centre", SipTransportKind.Tcp);
    }

    private IEnumerable<Participant> Living => [_chair, _cardio, _surgery, _radio, _nurse, _late];

    private ConferenceUri Conference => _chair.Session.Uri;

    private int PageCount => _documents.Sum(document => document.PageCount);

    /// <summary>Plays everything.</summary>
    public async Task<Verdict> PlayAsync(CancellationToken cancel)
    {
        await GatherAsync(cancel);
        await ShareAsync(cancel);
        await DrawAsync(cancel);
        await LoseSomeAsync(cancel);
        await TurnAsync(cancel);
        await UndoAsync(cancel);
        await ComeBackAsync(cancel);
        var saved = await SaveAsync(cancel);
        await SettleAsync(cancel);
        return Verdict.Of([.. Living], _chair, _documents, saved);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var participant in Living) await participant.DisposeAsync();
        if (_dispatch is null) return;
        if (!_dispatch.HasExited) _dispatch.Kill();
        _dispatch.Dispose();
    }

    private async Task GatherAsync(CancellationToken cancel)
    {
        foreach (var participant in Living) participant.Note = participant == _chair ? "chair, shares" : string.Empty;
        foreach (var participant in Living.Where(participant => participant != _late))
        {
            await participant.StartAsync(_passwords[participant.Name], cancel);
        }

        await _chair.CreateAsync("Transfer conference", cancel);
        _progress.Say($"the chair created {Conference}");
        foreach (var participant in (Participant[])[_cardio, _surgery, _radio, _nurse])
        {
            await participant.JoinAsync(Conference, cancel);
        }

        await StartDispatchAsync(cancel);
        await _chair.Session.WaitForAsync(model => model.Roster.Count == 6, SettleTime, cancel);
        _progress.Say("six participants are in: three over UDP, three over TCP, one of them in a process of its own");
    }

    private async Task StartDispatchAsync(CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            typeof(Story).Assembly.Location, "participant", $"sip:{Names[5]}@{_server.Domain}",
            _server.Sip.ToString(), Conference.Value,
        ])
        { RedirectStandardOutput = true };
        start.Environment[ChildParticipant.PasswordVariable] = _passwords[Names[5]]; // not for all who list processes
        _dispatch = Process.Start(start)!;
        var line = await _dispatch.StandardOutput.ReadLineAsync(cancel);
        if (line is null) throw new DemoException("the participant in a process of its own could not join");
    }

    private async Task ShareAsync(CancellationToken cancel)
    {
        // The first two whole, the third with one page, the fourth only announced: the server must ask for the rest.
        int?[] now = [null, null, 1, 0];
        for (var i = 0; i < _documents.Count; i++)
        {
            (await _chair.Session.ShareAsync(_documents[i], now[Math.Min(i, 3)], cancel)).OrThrow();
            _progress.Say($"shared {_documents[i].Name}: {now[Math.Min(i, 3)] ?? _documents[i].PageCount} "
                + $"of {_documents[i].PageCount} pages now, the others when asked");
        }

        await TurnToAsync(_chair, new PageRef(_documents[0].DocumentId, 2), cancel);
    }

    private async Task DrawAsync(CancellationToken cancel)
    {
        var page = new PageRef(_documents[0].DocumentId, 2);
        var picture = await _documents[0].ReadPageAsync(1, cancel);
        var stamp = new MarkImage("image/png", [.. picture!.Content.Span[..600]]);
        (await _cardio.Session.DrawAsync(page, Drawing.Add(Drawing.EveryShape("cardio", stamp)), cancel)).OrThrow();
        var strokes = Enumerable.Range(1, 40).Select(async number =>
        {
            var author = number % 2 == 0 ? _cardio : _surgery;
            var target = new PageRef(_documents[number % 3 == 0 ? 1 : 0].DocumentId, 1 + (number % 3));
            var stroke = Drawing.Add(Drawing.Stroke(author.Name, number));
            (await author.Session.DrawAsync(target, stroke, cancel)).OrThrow();
        });
        await Task.WhenAll(strokes);
        (await _surgery.Session.DrawAsync(
            page, [new AddMark(Drawing.Stroke("surgery", 99)), new MoveMarks(["surgery-stroke99"], 900, -700)], cancel))
            .OrThrow();
        _progress.Say("cardiology and surgery drew at the same time: 42 operations, every shape");
    }

    private async Task LoseSomeAsync(CancellationToken cancel)
    {
        await _nurse.DisposeAsync();
        _dispatch!.Kill();
        await _dispatch.WaitForExitAsync(cancel);
        _progress.Say("the nurse's sockets are closed; the dispatcher's process is killed and stays away");
        for (var number = 100; number < 130; number++)
        {
            var author = number % 2 == 0 ? _cardio : _surgery;
            var page = new PageRef(_documents[1].DocumentId, 1 + (number % 3));
            (await author.Session.DrawAsync(page, Drawing.Add(Drawing.Stroke(author.Name, number)), cancel)).OrThrow();
        }

        _progress.Say("30 more operations: nobody waits for the two that are gone");
    }

    private async Task TurnAsync(CancellationToken cancel)
    {
        await TurnToAsync(_radio, new PageRef(_documents[1].DocumentId, 3), cancel);
        await _late.StartAsync(_passwords[_late.Name], cancel);
        await _late.JoinAsync(Conference, cancel);
        _progress.Say($"the latecomer is in, at revision {_late.Session.Model.Revision} by snapshot");
        await TurnToAsync(_surgery, new PageRef(_documents[2].DocumentId, 2), cancel);
        await TurnToAsync(_late, new PageRef(_documents[3].DocumentId, 1), cancel);
        await TurnToAsync(_chair, new PageRef(_documents[0].DocumentId, 1), cancel);
        var page = new PageRef(_documents[3].DocumentId, 1);
        (await _late.Session.DrawAsync(page, Drawing.Add(Drawing.Stroke("latecomer", 1)), cancel)).OrThrow();
    }

    private async Task TurnToAsync(Participant who, PageRef page, CancellationToken cancel)
    {
        var cached = who.Session.Model.Documents[page.DocumentId].Pages.ContainsKey(page.Number);
        var since = Stopwatch.GetTimestamp();
        (await who.Session.TurnAsync(page, cancel)).OrThrow();
        await who.Session.WaitForAsync(model => model.CurrentPage == page, SettleTime, cancel);
        var how = cached ? "which the server had" : "which the server asked the chair for";
        _progress.Say($"{who.Name} turned to {page}, {how}: "
            + $"{Stopwatch.GetElapsedTime(since).TotalMilliseconds:F0} ms");
    }

    private async Task UndoAsync(CancellationToken cancel)
    {
        for (var i = 0; i < 3; i++) (await _cardio.Session.UndoAsync(cancel)).OrThrow();
        (await _cardio.Session.RedoAsync(cancel)).OrThrow();
        (await _surgery.Session.UndoAsync(cancel)).OrThrow();
        var page = new PageRef(_documents[0].DocumentId, 1);
        (await _cardio.Session.PointAsync(page, new PagePoint(50_000, 20_000), cancel)).OrThrow();
        (await _radio.Session.SayAsync("The second tracing is unchanged.", cancel)).OrThrow();
        _progress.Say("four times undone, once redone, pointed, said");
    }

    private async Task ComeBackAsync(CancellationToken cancel)
    {
        await _nurse.StartAsync(_passwords[_nurse.Name], cancel);
        await _nurse.JoinAsync(Conference, cancel);
        var head = _chair.Session.Model.Revision;
        await _nurse.Session.WaitForRevisionAsync(head, SettleTime, cancel);
        _nurse.Note = "came back";
        _late.Note = "came late";
        _progress.Say($"the nurse is back on new ports, at revision {_nurse.Session.Model.Revision}");
        for (var number = 200; number < 240; number++)
        {
            var author = (number % 4) switch { 0 => _cardio, 1 => _surgery, 2 => _nurse, _ => _late };
            var page = new PageRef(_documents[0].DocumentId, 1 + (number % 3));
            (await author.Session.DrawAsync(page, Drawing.Add(Drawing.Stroke(author.Name, number)), cancel)).OrThrow();
        }
    }

    private async Task<SavedConference> SaveAsync(CancellationToken cancel)
    {
        var file = await _chair.Session.SaveAsync(cancel);
        var content = await _chair.Session.DownloadAsync(file, cancel);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "saved.zip"), content, cancel);
        _progress.Say($"saved and downloaded: {content.Length / 1024} KiB, digest {file.Digest[..12]}");
        return SavedConference.Read(content);
    }

    private async Task SettleAsync(CancellationToken cancel)
    {
        var last = (await _chair.Session.SayAsync("Thank you, goodbye.", cancel)).OrThrow().Revision;
        foreach (var participant in Living)
        {
            await participant.Session.WaitForRevisionAsync(last, SettleTime, cancel);
            await participant.Session.FetchMissingPagesAsync(TimeSpan.FromSeconds(2), cancel);
        }

        _progress.Say($"everybody has reached revision {last} and has {PageCount} pages");
    }
}
