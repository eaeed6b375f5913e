using Tests.Shared.Redis;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Conference.Store.Tests.Contract;

/// <summary>A fact that is skipped, with the reason, where its class needs a redis-server and none is installed.
/// </summary>
[XunitTestCaseDiscoverer("Conference.Store.Tests.Contract.StoreFactDiscoverer", "Conference.Store.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>Marks a test class that starts a redis-server.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsRedisAttribute : Attribute;

/// <summary>Finds the facts of a class; those inherited from the contract too.</summary>
public sealed class StoreFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    private readonly IMessageSink _diagnostics = diagnostics;

    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var needsRedis = testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsRedisAttribute)).Any();
        return needsRedis && RedisServerProcess.MissingReason is not null
            ? new SkippedCase(_diagnostics, testMethod)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
    }
}

/// <summary>A test that is reported as skipped.</summary>
public sealed class SkippedCase : XunitTestCase
{
    /// <summary>For the runner, which reads cases back.</summary>
    [Obsolete("Called by the runner only.")]
    public SkippedCase()
    {
    }

    /// <param name="diagnostics">Of the runner.</param>
    /// <param name="method">The test.</param>
    public SkippedCase(IMessageSink diagnostics, ITestMethod method)
        : base(diagnostics, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method)
    {
    }

    /// <inheritdoc/>
    protected override string GetSkipReason(IAttributeInfo factAttribute) => RedisServerProcess.MissingReason!;
}
