
namespace Sip.Stack.Tests.Messages;

/// <summary>A theory that is skipped, visibly, without the torture folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SkippableTortureTheoryAttribute : TheoryAttribute
{
    public SkippableTortureTheoryAttribute() =>
        Skip = TortureFolder.Path is null ? "No torture folder: set SIP_TORTURE_DIR" : null;
}

/// <summary>A fact that is skipped, visibly, without the torture folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SkippableTortureFactAttribute : FactAttribute
{
    public SkippableTortureFactAttribute() =>
        Skip = TortureFolder.Path is null ? "No torture folder: set SIP_TORTURE_DIR" : null;
}
