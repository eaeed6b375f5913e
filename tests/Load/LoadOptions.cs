using System.Globalization;
using Load.Peers;

namespace Load;

/// <summary>What to measure. All load is bounded in count and time and stays on loopback.</summary>
internal sealed record LoadOptions
{
    public string Scenario { get; init; } = "fanout";

    public bool IsTcp { get; init; }

    /// <summary>Standalone mode: each participant registers and is reached over its own TCP stream.</summary>
    public bool HasStreamEach { get; init; }

    public int Members { get; init; } = 1_000;

    /// <summary>Events per second; 0: closed loop, <see cref="InFlight"/> events out at a time.</summary>
    public double Rate { get; init; } = 20;

    public int InFlight { get; init; } = 1;

    public int Warmup { get; init; } = 40;

    /// <summary>With a rate: how long it runs before it is measured. Longer than the 32 s that transactions of the
    /// warm-up leave timers behind.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Pause between the warm-up and what follows.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after the last delivery the server's CPU is still counted: transactions outlive their answer.
    /// </summary>
    public TimeSpan Drain { get; init; }

    public int Events { get; init; } = 200;

    public int BodyBytes { get; init; } = 300;

    public int Repetitions { get; init; } = 1;

    /// <summary>Fraction of deliveries and of answers to the sender that the sink ignores at first.</summary>
    public double Loss { get; init; }

    public int Conferences { get; init; } = 20_000;

    /// <summary>The server under load, when it is not this one.</summary>
    public Peer Peer { get; init; }

    /// <summary>Processes of a peer that read its UDP socket.</summary>
    public int PeerWorkers { get; init; } = 1;

    /// <summary>floor: bytes of a request; as many as this server sends for an event of 300.</summary>
    public int WireBytes { get; init; } = 1_130;

    /// <summary>floor: many datagrams in one system call.</summary>
    public bool HasSegments { get; init; }

    /// <summary>Each repetition is added to this file as a line of JSON.</summary>
    public string? Json { get; init; }

    /// <summary>Nothing is measured: tables of what such a file holds.</summary>
    public string? Summarize { get; init; }

    /// <summary>From a MESSAGE to its answer, where a scenario has members behind a <see cref="Hop"/>.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>Decides who fails and which datagrams are lost.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>million: how long the steady load runs. Its first minute is not measured.</summary>
    public TimeSpan Steady { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>million: where the store is kept for the next run; null makes one and removes it.</summary>
    public string? StoreFolder { get; init; }

    /// <summary>million: conferences are looked at so long before the steady load, so that somebody can walk over the
    /// heap.</summary>
    public TimeSpan Hold { get; init; }

    /// <summary>Environment of the server, such as its collector's settings.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ServerEnvironment { get; init; } = [];

    /// <summary>overload: multiples of the peak that are offered.</summary>
    public IReadOnlyList<double> Factors { get; init; } = [1, 2, 4, 10];

    /// <summary>overload: how long each of them is.</summary>
    public TimeSpan StepTime { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Kind of garbage (garbage), see <see cref="GarbageKind"/>.</summary>
    public string Garbage { get; init; } = "mixed";

    /// <summary>Garbage datagrams per second (garbage).</summary>
    public double GarbageRate { get; init; } = 100_000;

    /// <summary>Whether the garbage comes from an address that the server trusts (garbage).</summary>
    public bool IsGarbageTrusted { get; init; }

    /// <summary>How long is measured (receive).</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(10);

    public string Store { get; init; } = "Sqlite";

    public string Server { get; init; } = DefaultServer();

    /// <summary>Further options for the server, as it takes them on its command line.</summary>
    public IReadOnlyList<string> ServerOptions { get; init; } = [];

    public static string Help => $"""
        Usage: Load [options]
          --scenario NAME   fanout (default), page (a page to all by inline delivery), idle (memory of idle
                            conferences), floor (the system calls of a fan-out without a server);
                            with other defaults (ScenarioDefaults.cs): failing (members who are dead, slow, behind
                            loss), comeback (all come back at once), fairness (small conferences
                            beside a huge one), batching (events while a MESSAGE is out), priority (turns and joins
                            while marks fill the window), million (conferences of
                            --members awake on one node: memory, start, pauses),
                            garbage (good traffic alone, then beside garbage), receive (CPU per datagram read),
                            overload (multiples of what the server can take)
          --tcp             deliver over one TCP connection to the next hop instead of UDP
          --streams         Standalone mode: every participant registers and has a TCP stream of its own
          --members N       participants of the conference (1000)
          --rate R          events per second, open loop (20); 0: closed loop
          --inflight K      closed loop: events out at a time (1)
          --warmup N        events before the measurement, as fast as they go (40)
          --settle S        seconds at the rate before the measurement (45)
          --rest S          seconds between warm-up and what follows (5)
          --events N        measured events (200)
          --drain S         seconds after the last delivery that the server's CPU is still counted (0)
          --body B          bytes of an event's XML request (300); for page: bytes of the page (200000)
          --loss F          the sink ignores this fraction of first arrivals (0)
          --peer NAME       fanout: kamailio-tuned or kamailio-packaged instead of this server
          --peer-workers N  its processes that read UDP (1)
          --wire B          floor: bytes of a request (1130)
          --segments        floor: UDP_SEGMENT, many datagrams in one system call
          --json FILE       adds each repetition to it as a line of JSON
          --summarize FILE  measures nothing, prints tables of such a file
          --conferences N   idle: how many (20000), 10 members each; fairness, priority: how many small ones
          --rtt MS          batching, priority: from a MESSAGE to its answer (50)
          --seed N          failing: who fails, and which datagrams are lost (1)
          --minutes M       million: steady load at --rate over all conferences; one more before it (2)
          --store-folder P  million: the store that was made for an earlier run, or is to be kept
          --hold S          million: seconds of rest when all are awake, and again when all have a MESSAGE out (0)
          --env NAME=VALUE  environment of the server; may be repeated
          --garbage KIND    garbage: {string.Join(", ", GarbageKind.Names)} (mixed)
          --garbage-rate R  garbage: datagrams per second (100000)
          --garbage-trusted garbage: from an address that the server trusts
          --time S          receive: seconds measured (10); --rate is in datagrams per second, 0 as fast as it goes
          --factors LIST    overload: multiples of the peak (1,2,4,10)
          --step S          overload: seconds of each (10)
          --store KIND      Sqlite (default), Redis, InMemory
          --reps N          repetitions, each with a new server; medians at the end (1)
          --max-time S      hard end of one repetition (120; overload 240, fairness 180)
          --server PATH     AppServer.dll to start (the Release build of this tree)
          -- OPTIONS        the rest goes to the server
        """;

    public static LoadOptions? Parse(string[] args)
    {
        var options = ScenarioDefaults.For(args);
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => i + 1 < args.Length ? args[++i] : throw new FormatException($"{args[i]} needs a value.");
            int Number() => int.Parse(Value(), CultureInfo.InvariantCulture);
            double Fraction() => double.Parse(Value(), CultureInfo.InvariantCulture);
            switch (args[i])
            {
                case "--scenario": options = options with { Scenario = Value() }; break;
                case "--tcp": options = options with { IsTcp = true }; break;
                case "--streams": options = options with { IsTcp = true, HasStreamEach = true }; break;
                case "--members": options = options with { Members = Number() }; break;
                case "--rate": options = options with { Rate = Fraction() }; break;
                case "--inflight": options = options with { InFlight = Number() }; break;
                case "--warmup": options = options with { Warmup = Number() }; break;
                case "--settle": options = options with { Settle = TimeSpan.FromSeconds(Fraction()) }; break;
                case "--rest": options = options with { Rest = TimeSpan.FromSeconds(Fraction()) }; break;
                case "--drain": options = options with { Drain = TimeSpan.FromSeconds(Fraction()) }; break;
                case "--peer": options = options with { Peer = ParsePeer(Value()) }; break;
                case "--peer-workers": options = options with { PeerWorkers = Number() }; break;
                case "--events": options = options with { Events = Number() }; break;
                case "--body": options = options with { BodyBytes = Number() }; break;
                case "--loss": options = options with { Loss = Fraction() }; break;
                case "--conferences": options = options with { Conferences = Number() }; break;
                case "--wire": options = options with { WireBytes = Number() }; break;
                case "--segments": options = options with { HasSegments = true }; break;
                case "--json": options = options with { Json = Value() }; break;
                case "--summarize": options = options with { Summarize = Value() }; break;
                case "--rtt": options = options with { RoundTrip = TimeSpan.FromMilliseconds(Fraction()) }; break;
                case "--seed": options = options with { Seed = Number() }; break;
                case "--minutes": options = options with { Steady = TimeSpan.FromMinutes(Fraction()) }; break;
                case "--store-folder": options = options with { StoreFolder = Value() }; break;
                case "--hold": options = options with { Hold = TimeSpan.FromSeconds(Fraction()) }; break;
                case "--env": options = options.WithEnvironment(Value()); break;
                case "--garbage": options = options with { Garbage = Value() }; break;
                case "--garbage-rate": options = options with { GarbageRate = Fraction() }; break;
                case "--garbage-trusted": options = options with { IsGarbageTrusted = true }; break;
                case "--time": options = options with { Time = TimeSpan.FromSeconds(Fraction()) }; break;
                case "--factors":
                    options = options with
                    {
                        Factors = [.. Value().Split(',').Select(f => double.Parse(f, CultureInfo.InvariantCulture))],
                    };
                    break;
                case "--step": options = options with { StepTime = TimeSpan.FromSeconds(Fraction()) }; break;
                case "--store": options = options with { Store = Value() }; break;
                case "--reps": options = options with { Repetitions = Number() }; break;
                case "--max-time": options = options with { MaxTime = TimeSpan.FromSeconds(Fraction()) }; break;
                case "--server": options = options with { Server = Value() }; break;
                case "--": return options with { ServerOptions = args[(i + 1)..] };
                case "--help": return null;
                default: throw new FormatException($"Unknown option {args[i]}.");
            }
        }

        return options;
    }

    private static Peer ParsePeer(string name) => name switch
    {
        "kamailio-tuned" => Peer.KamailioTuned,
        "kamailio-packaged" => Peer.KamailioPackaged,
        _ => throw new FormatException($"No peer {name}."),
    };

    private LoadOptions WithEnvironment(string setting)
    {
        var (name, value) = setting.IndexOf('=') is > 0 and var at
            ? (setting[..at], setting[(at + 1)..])
            : throw new FormatException($"--env {setting}: NAME=VALUE is expected.");
        return this with { ServerEnvironment = [.. ServerEnvironment, KeyValuePair.Create(name, value)] };
    }

    private static string DefaultServer()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AppServer.sln")))
                return Path.Combine(folder.FullName, "src/AppServer/bin/Release/net10.0/AppServer.dll");
        }

        return "AppServer.dll";
    }
}
