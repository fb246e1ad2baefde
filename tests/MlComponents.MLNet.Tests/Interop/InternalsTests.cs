using System.Reflection;

namespace MlComponents.MLNet.Tests.Interop;

/// <summary>What Interop/ needs of ML.NET's internals. When one of these fails after an update of Microsoft.ML, that is what moved.</summary>
[TestClass]
public sealed class InternalsTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Core = typeof(ITransformer).Assembly;
    private static readonly Assembly Data = typeof(MLContext).Assembly;

    [TestMethod]
    [DataRow("Microsoft.ML.LoadableClassAttribute", ".ctor")]
    [DataRow("Microsoft.ML.SignatureLoadModel", "Invoke")]
    [DataRow("Microsoft.ML.ModelSaveContext", "CheckAtModel")]
    [DataRow("Microsoft.ML.ModelSaveContext", "SetVersionInfo")]
    [DataRow("Microsoft.ML.ModelSaveContext", "SaveBinaryStream")]
    [DataRow("Microsoft.ML.ModelLoadContext", "TryLoadBinaryStream")]
    [DataRow("Microsoft.ML.VersionInfo", ".ctor")]
    [DataRow("Microsoft.ML.ISingleFeaturePredictionTransformer", null)]
    [DataRow("Microsoft.ML.TrainerInfo", ".ctor")]
    [DataRow("Microsoft.ML.SchemaShape", "TryFindColumn")]
    [DataRow("Microsoft.ML.SchemaShape+Column", ".ctor")]
    [DataRow("Microsoft.ML.Data.AnnotationUtils", "GetTrainerOutputAnnotation")]
    [DataRow("Microsoft.ML.Data.AnnotationUtils", "AnnotationsForMulticlassScoreColumn")]
    [DataRow("Microsoft.ML.Data.AnnotationUtils", "GetMaxAnnotationKind")]
    [DataRow("Microsoft.ML.Data.CatalogUtils", "GetEnvironment")]
    public void MLNet_StillHas(string type, string? member)
    {
        var found = Core.GetType(type) ?? Data.GetType(type);

        Assert.IsNotNull(found, $"ML.NET {Core.GetName().Version} has no type {type}: see src/MlComponents.MLNet/Interop.");
        if (member is not null)
            Assert.IsNotEmpty(found.GetMember(member, All), $"ML.NET {Core.GetName().Version} has no {type}.{member}: see src/MlComponents.MLNet/Interop.");
    }

    [TestMethod]
    public void TheRuntime_StillLetsUsIn()
    {
        var attributes = typeof(TorchTransformer).Assembly.GetCustomAttributesData();

        Assert.HasCount(2, attributes.Where(attribute => attribute.AttributeType.FullName == "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute"));
        Assert.HasCount(3, typeof(TorchTransformer).Assembly.GetCustomAttributes(Core.GetType("Microsoft.ML.LoadableClassAttribute")!));
    }

    [TestMethod]
    public void OnlyInterop_UsesInternals()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Root(), "src", "MlComponents.MLNet"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}") && !path.Contains($"{Path.DirectorySeparatorChar}Interop{Path.DirectorySeparatorChar}"));
        string[] names = ["AnnotationUtils", "CatalogUtils", "ModelLoadContext", "VersionInfo", "LoadableClass", "new SchemaShape", "new TrainerInfo", "Contracts."];

        foreach (var path in sources)
            foreach (var name in names)
                Assert.DoesNotContain(name, File.ReadAllText(path), StringComparison.Ordinal, path);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MlComponents.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
