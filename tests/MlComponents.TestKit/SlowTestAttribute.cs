using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlComponents.TestKit;

/// <summary>Skips a test that takes minutes unless the environment variable MLCOMPONENTS_SLOW_TESTS is 1. Give it the category "Slow" too.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class SlowTestAttribute : ConditionBaseAttribute
{
    private const string Variable = "MLCOMPONENTS_SLOW_TESTS";

    /// <summary>Creates the condition.</summary>
    public SlowTestAttribute() : base(ConditionMode.Include) => IgnoreMessage = $"takes minutes: set {Variable}=1 to run it";

    /// <inheritdoc/>
    public override string GroupName => nameof(SlowTestAttribute);

    /// <inheritdoc/>
    public override bool IsConditionMet => Environment.GetEnvironmentVariable(Variable) == "1";
}
