using System.Net;
using Conference.Client;
using Conference.Protocol;
using Sip.Stack.Transport;

namespace Demo;

/// <summary>A participant in a process of its own: joins, says so, follows until it is killed.</summary>
internal static class ChildParticipant
{
    /// <summary>The environment variable that brings the password.</summary>
    public const string PasswordVariable = "DEMO_PASSWORD";

    /// <summary>Arguments: identity, server address, conference URI. Says "joined" on standard output.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var client = new ConferenceClient(new ConferenceClientOptions
        {
            Identity = ParticipantUri.Parse(args[0]),
            Password = Environment.GetEnvironmentVariable(PasswordVariable),
            Server = IPEndPoint.Parse(args[1]),
            Transport = SipTransportKind.Tcp,
            DisplayName = "Ambulance dispatch",
        });
        await client.StartAsync();
        (await client.RegisterAsync()).OrThrow();
        var session = await client.JoinAsync(ConferenceUri.Parse(args[2]));
        Console.WriteLine($"joined at revision {session.Model.Revision}");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
