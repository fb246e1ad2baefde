using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlComponents.TestKit;

/// <summary>Real data sets beside the checkout (<c>../shared/data</c>), where there are any.</summary>
public static class SharedData
{
    /// <summary>The folder of the original MNIST files, or null.</summary>
    public static string? Mnist => Find("mnist");

    private static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }
}

/// <summary>Skips a test where <c>../shared/data/mnist</c> is not there.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class RequiresMnistAttribute : ConditionBaseAttribute
{
    /// <summary>Creates the condition.</summary>
    public RequiresMnistAttribute() : base(ConditionMode.Include) =>
        IgnoreMessage = "needs the MNIST files in ../shared/data/mnist";

    /// <inheritdoc/>
    public override string GroupName => nameof(RequiresMnistAttribute);

    /// <inheritdoc/>
    public override bool IsConditionMet => SharedData.Mnist is not null;
}
