using AppServer.Configuration;
using AppServer.Lifetime;

// Reads the configuration, says all that is wrong with it at once, then runs until told to stop.
var line = CommandLine.Read(args);
if (line.ShowHelp)
{
    Console.Out.Write(HelpText.Write());
    return ExitCodes.Stopped;
}

var configuration = ConfigurationLoader.Load(
    line, Environment.GetEnvironmentVariables(), Environment.CurrentDirectory);
return await ServerProcess.RunAsync(configuration, Console.Error);
