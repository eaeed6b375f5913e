using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using AppServer.Admin;
using AppServer.Links;
using Conference.Actors.Focus;
using Conference.Store;
using Sip.Stack.Messages;

namespace AppServer.Configuration;

/// <summary>What is asked of the options. Finds every fault, never only the first.</summary>
internal static class OptionsRules
{
    private const int PortMax = 65_535;
    private const int DatagramBytesMost = 65_507;
    private const int KeyBytesMin = 32;
    private const StringComparison Exact = StringComparison.Ordinal;

    private static readonly SearchValues<char> FactoryCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    // In records that are not of this project: probing never, and one worker per processor.
    private static readonly ImmutableArray<string> ZeroAllowedElsewhere = ["Fanout:ParkedProbe", "Fanout:Workers"];

    /// <summary>Checks options that have the right types.</summary>
    internal static IEnumerable<OptionFault> Check(LoadedConfiguration loaded)
    {
        var options = loaded.Options;
        var faults = new Faults();
        CheckNumbers(options, faults);
        CheckServer(options, faults);
        CheckListeners(options, faults);
        if (options.Server.Mode == ServerMode.Standalone) CheckStandalone(loaded, faults);
        else CheckIms(options, faults);
        CheckRest(loaded, faults);
        CheckElsewhere(options, faults);
        return faults.Found;
    }

    // Every number and duration is positive unless it says that 0 has a meaning. Two parts check themselves.
    private static void CheckNumbers(AppServerOptions options, Faults faults)
    {
        foreach (var option in OptionCatalog.Describe(typeof(AppServerOptions), options, string.Empty))
        {
            if (option.Path.StartsWith("Store:", Exact) || option.Path.StartsWith("Focus:", Exact)) continue;
            var zeroAllowed = option.Property.IsDefined(typeof(ZeroAllowedAttribute), inherit: false)
                || ZeroAllowedElsewhere.Contains(option.Path);
            int? sign = option.Default switch
            {
                int number => Math.Sign(number),
                long number => Math.Sign(number),
                double number => Math.Sign(number),
                TimeSpan span => Math.Sign(span.Ticks),
                _ => null,
            };
            if (sign is null) continue;
            var rule = zeroAllowed ? "must not be negative" : "must be more than 0";
            faults.Unless(sign > 0 || (zeroAllowed && sign == 0), option.Path, HelpText.Show(option.Default), rule);
        }
    }

    private static void CheckServer(AppServerOptions options, Faults faults)
    {
        var server = options.Server;
        var isHost = Uri.CheckHostName(server.Domain) is not UriHostNameType.Unknown && server.Domain.Length <= 50;
        faults.Unless(isHost, "Server:Domain", server.Domain, "must be a host name of at most 50 characters");
        var isUser = server.FactoryUser.Length is > 0 and <= 64
            && server.FactoryUser.AsSpan().IndexOfAnyExcept(FactoryCharacters) < 0;
        faults.Unless(isUser, "Server:FactoryUser", server.FactoryUser,
            "must be 1 to 64 of a-z 0-9 - . _ (user parts are compared with case)");
        faults.Unless(server.DataDirectory.Length > 0, "Server:DataDirectory", "", "must name a folder");
    }

    private static void CheckListeners(AppServerOptions options, Faults faults)
    {
        faults.Unless(options.Sip.Addresses.Length > 0, "Sip:Addresses", "", "must hold at least one address");
        foreach (var address in options.Sip.Addresses) CheckAddress("Sip:Addresses", address, faults);
        CheckAddress("Http:Address", options.Http.Address, faults);
        CheckAddress("Admin:Address", options.Admin.Address, faults);
        CheckPort("Sip:Port", options.Sip.Port, faults);
        faults.Unless(options.Sip.UdpSegmentsMax <= 64, "Sip:UdpSegmentsMax",
            HelpText.Show(options.Sip.UdpSegmentsMax), "must be at most 64, which is what the kernel takes");
        faults.Unless(options.Sip.WriteQueueBytesMax >= StreamRun.BytesMax, "Sip:WriteQueueBytesMax",
            HelpText.Show(options.Sip.WriteQueueBytesMax), $"must be at least {StreamRun.BytesMax}: one write of many");
        CheckPort("Http:Port", options.Http.Port, faults);
        CheckPort("Admin:Port", options.Admin.Port, faults);
        var same = options.Http.Port != 0 && options.Http.Port == options.Admin.Port
            && options.Http.Address == options.Admin.Address;
        faults.Unless(!same, "Admin:Port", HelpText.Show(options.Admin.Port), "must differ from Http:Port");
        var url = options.Http.PublicBaseUrl;
        var isUrl = url.Length == 0 || (Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            && parsed.Scheme is "http" or "https" && parsed.Query.Length == 0 && parsed.Fragment.Length == 0);
        faults.Unless(isUrl, "Http:PublicBaseUrl", url, "must be an http or https URL without query");
    }

    private static void CheckStandalone(LoadedConfiguration loaded, Faults faults)
    {
        var standalone = loaded.Options.Standalone;
        faults.Unless(standalone.Realm.Length <= 128 && standalone.Realm.All(c => c is >= ' ' and < '\x7f')
            && standalone.Realm.IndexOfAny(['"', '\\']) < 0, "Standalone:Realm", standalone.Realm,
            "must be at most 128 printable ASCII characters without quotes");
        var algorithms = standalone.DigestAlgorithms;
        faults.Unless(algorithms.Length > 0 && algorithms.Distinct().Count() == algorithms.Length,
            "Standalone:DigestAlgorithms", string.Join(", ", algorithms), "must name at least one, and none twice");
        var users = loaded.Beside(standalone.UsersFile);
        faults.Unless(File.Exists(users), "Standalone:UsersFile", users, "the file is not there");
        faults.Unless(standalone.RegistrationMin <= standalone.RegistrationMax, "Standalone:RegistrationMin",
            HelpText.Show(standalone.RegistrationMin), "must not be longer than Standalone:RegistrationMax");
    }

    private static void CheckIms(AppServerOptions options, Faults faults)
    {
        faults.Unless(options.Ims.TrustedPeers.Length > 0, "Ims:TrustedPeers", "",
            "must name at least one S-CSCF in Ims mode");
        foreach (var peer in options.Ims.TrustedPeers)
        {
            var isBlock = IPAddress.TryParse(peer, out _) || IPNetwork.TryParse(peer, out _);
            faults.Unless(isBlock, "Ims:TrustedPeers", peer, "must be an address or a CIDR block");
        }

        var route = options.Ims.ScscfRoute;
        var isRoute = SipUri.TryParse(route, out var uri) && uri.Scheme is "sip" or "sips" && uri.Host.Length > 0;
        faults.Unless(isRoute, "Ims:ScscfRoute", route, "must be a sip URI such as sip:scscf.ims.example:5060");
    }

    private static void CheckRest(LoadedConfiguration loaded, Faults faults)
    {
        var options = loaded.Options;
        faults.Unless(options.FrontDoor.AnswerTimeout <= TimeSpan.FromSeconds(2), "FrontDoor:AnswerTimeout",
            HelpText.Show(options.FrontDoor.AnswerTimeout), "must not be longer than 2 s (R9)");
        CheckAdmission(options, faults);
        var links = options.Links;
        faults.Unless(links.DatagramBytesMax <= DatagramBytesMost, "Links:DatagramBytesMax",
            HelpText.Show(links.DatagramBytesMax), $"must be at most {DatagramBytesMost}, which is what UDP carries");
        faults.Unless(links.CoreDelayMax == TimeSpan.Zero || links.CoreDelayMax >= TimeSpan.FromMilliseconds(1),
            "Links:CoreDelayMax", HelpText.Show(links.CoreDelayMax), "must be 0 or at least 1 ms");
        var token = options.Admin.Token;
        faults.Unless(token.Length == 0 || token.Length >= AdminToken.CharactersMin, "Admin:Token", "***",
            $"must have at least {AdminToken.CharactersMin} characters");
        var tokenFile = options.Admin.TokenFile;
        var isLoopback = !IPAddress.TryParse(options.Admin.Address, out var admin) || IPAddress.IsLoopback(admin);
        faults.Unless(isLoopback || token.Length > 0 || tokenFile.Length > 0, "Admin:Address", options.Admin.Address,
            "is not loopback, so Admin:Token or Admin:TokenFile must be set");
        var key = options.Server.Secret;
        Span<byte> decoded = stackalloc byte[256];
        var isKey = key.Length == 0 || (key.Length <= 256 && Convert.TryFromBase64String(key, decoded, out var count)
            && count >= KeyBytesMin);
        faults.Unless(isKey, "Server:Secret", "***", $"must be at least {KeyBytesMin} bytes in Base64");
    }

    private static void CheckAdmission(AppServerOptions options, Faults faults)
    {
        var admission = options.Admission;
        faults.Unless(admission.WaitMax < options.FrontDoor.AnswerTimeout, "Admission:WaitMax",
            HelpText.Show(admission.WaitMax), "must be shorter than FrontDoor:AnswerTimeout");
        faults.Unless(admission.Interval <= TimeSpan.FromSeconds(1), "Admission:Interval",
            HelpText.Show(admission.Interval), "must not be longer than 1 s");
        var most = options.FrontDoor.RequestsMax;
        faults.Unless(most <= 0 || admission.RequestsMin <= most, "Admission:RequestsMin",
            HelpText.Show(admission.RequestsMin), "must not be more than FrontDoor:RequestsMax");
        CheckPercent("Admission:SteeringPercent", admission.SteeringPercent, faults);
        CheckPercent("Admission:NewcomersPercent", admission.NewcomersPercent, faults);
        CheckPercent("Admission:SenderPercentMax", admission.SenderPercentMax, faults);
        CheckPercent("Admission:ConferencePercentMax", admission.ConferencePercentMax, faults);
        CheckPercent("FrontDoor:RetryAfterJitterPercent", options.FrontDoor.RetryAfterJitterPercent, faults);
    }

    private static void CheckPercent(string option, int percent, Faults faults) =>
        faults.Unless(percent <= 100, option, HelpText.Show(percent), "must be at most 100");

    // These two name option, value and rule in one line of their own.
    private static void CheckElsewhere(AppServerOptions options, Faults faults)
    {
        foreach (var line in StoreOptionsValidator.Validate(options.Store)) faults.Found.Add(Split(line, "Store:"));
        foreach (var line in FocusOptionsValidator.Validate(options.Focus)) faults.Found.Add(Split(line, "Focus:"));
    }

    // "Store:Sqlite:Folder = '' must ..." or "MembersMax: 0 is not ...": the option ends at the first blank or ": ".
    private static OptionFault Split(string line, string section)
    {
        var text = line.StartsWith(section, Exact) ? line[section.Length..] : line;
        var end = text.IndexOf(' ', Exact);
        if (end < 0) return new OptionFault(section.TrimEnd(':'), null, text);
        var option = section + text[..end].TrimEnd(':');
        return new OptionFault(option, null, text[end..].TrimStart(' ', '=').TrimEnd('.'));
    }

    private static void CheckAddress(string option, string address, Faults faults) =>
        faults.Unless(IPAddress.TryParse(address, out _), option, address, "must be an IPv4 or IPv6 address");

    private static void CheckPort(string option, int port, Faults faults) =>
        faults.Unless(port <= PortMax, option, HelpText.Show(port), $"must be at most {PortMax}");

    private sealed class Faults
    {
        internal List<OptionFault> Found { get; } = [];

        internal void Unless(bool holds, string option, string? value, string rule)
        {
            if (!holds) Found.Add(new OptionFault(option, value, rule));
        }
    }
}
