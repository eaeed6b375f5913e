using System.Globalization;
using System.Text;

namespace Load.Peers;

/// <summary>What Kamailio 5.6 reads at its start: arguments, configuration, tables of the conference.</summary>
internal static class KamailioConfiguration
{
    /// <summary>Arguments of the program.</summary>
    /// <remarks>Allocator: the package's is q_malloc; f_malloc is the fastest of the three here.</remarks>
    internal static IEnumerable<string> Arguments(KamailioOptions options, string file) =>
    [
        "-DD", "-E", "-f", file, "-w", options.Folder, "-Y", options.Folder,
        "-m", Text(options.SharedMebibytesMax), "-M", "32", "-b", Text(options.ReceiveBufferBytesMax),
        .. options.IsTuned ? ["-x", "fm"] : Array.Empty<string>(),
    ];

    /// <summary>The cheapest way through Kamailio: no authentication, no location, no DNS, errors alone are logged.
    /// </summary>
    internal static string Render(KamailioOptions options)
    {
        var tcp = options.IsTcp
            ? $"""
               listen=tcp:127.0.0.1:{options.Port}
               # One process reads the streams. What a full socket does not take waits in memory.
               tcp_children=1
               tcp_async=yes
               tcp_conn_wq_max=67108864
               tcp_wq_max=134217728
               tcp_connection_lifetime=3600
               """
            : "disable_tcp=yes";
        // Room for one branch instead of 12 makes a transaction four times smaller.
        var branches = options.IsTuned ? "max_branches=1" : "# max_branches: as packaged";
        return $$"""
            #!KAMAILIO
            debug=-1
            fork=yes
            children={{options.Workers}}
            auto_aliases=no
            dns=no
            rev_dns=no
            use_dns_cache=off
            server_signature=no
            {{branches}}
            listen=udp:127.0.0.1:{{options.Port}}
            {{tcp}}

            loadmodule "tm.so"
            loadmodule "sl.so"
            loadmodule "pv.so"
            loadmodule "db_text.so"
            loadmodule "imc.so"

            modparam("imc", "db_url", "text://{{options.Folder}}/db")
            modparam("imc", "outbound_proxy", "sip:{{options.NextHop}}{{(options.IsTcp ? ";transport=tcp" : "")}}")

            request_route {
                # Whoever asks with anything else learns that the server is up.
                if (method != "MESSAGE") {
                    sl_send_reply("405", "Method Not Allowed");
                    exit;
                }

                # A sender repeats its MESSAGE while a long fan-out goes on. The transaction takes the repetition;
                # without it, all members would be sent the message again.
                if (!t_newtran()) exit;
                if (imc_manager()) {
                    t_reply("200", "OK");
                } else {
                    t_reply("500", "Refused");
                }
                exit;
            }

            """;
    }

    /// <summary>The tables that imc reads at its start, by file name: one room, its owner, its members.</summary>
    internal static IReadOnlyDictionary<string, string> Tables(string room, string owner, IEnumerable<string> members)
    {
        var (roomName, roomDomain) = Split(room);
        var rows = new StringBuilder("id(int,auto) username(string) domain(string) room(string) flag(int) \n");
        var id = 0;
        foreach (var member in members.Prepend(owner))
        {
            var (name, domain) = Split(member);
            var flag = id == 0 ? 1 : 0; // 1: the room's owner.
            rows.Append(CultureInfo.InvariantCulture, $"{++id}:{name}:{domain}:{Escape(room)}:{flag}\n");
        }

        return new Dictionary<string, string>
        {
            ["version"] = "table_name(string) table_version(int) \nimc_rooms:1\nimc_members:1\n",
            ["imc_rooms"] = $"id(int,auto) name(string) domain(string) flag(int) \n1:{roomName}:{roomDomain}:0\n",
            ["imc_members"] = rows.ToString(),
        };
    }

    // sip:name@domain
    private static (string Name, string Domain) Split(string uri)
    {
        var at = uri.IndexOf('@');
        return (uri["sip:".Length..at], uri[(at + 1)..]);
    }

    // A colon ends a column.
    private static string Escape(string value) => value.Replace(":", "\\:", StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
