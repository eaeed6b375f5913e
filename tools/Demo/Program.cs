using Demo;

// ./run demo, or (started by it) one participant in a process of its own, to be killed.
if (args is ["participant", ..]) return await ChildParticipant.RunAsync(args[1..]);

var options = DemoOptions.Read(args, out var fault);
if (options is null)
{
    await Console.Error.WriteLineAsync(fault);
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    return await DemoRun.RunAsync(options, stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 130;
}
catch (DemoException failure)
{
    await Console.Error.WriteLineAsync($"The demo failed: {failure.Message}");
    return 1;
}
