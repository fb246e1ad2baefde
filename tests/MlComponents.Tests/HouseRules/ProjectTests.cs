using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MlComponents.Tests.HouseRules;

[TestClass]
public sealed class ProjectTests
{
    private const int LongestFile = 400;

    /// <summary>Which of our projects each may refer to: arrows only downwards.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["MlComponents"] = [],
        ["MlComponents.MLNet"] = ["MlComponents"],
        ["MlComponents.Reporting"] = ["MlComponents"],
        ["MlComponents.Distributed"] = ["MlComponents"],
        ["MlComponents.Hosting"] = ["MlComponents.MLNet"],
        ["MlComponents.Dashboard"] = ["MlComponents.Hosting"],
    };

    [TestMethod]
    public void EveryProject_RefersOnlyDownwards()
    {
        var projects = Repository.Files("src", "*.csproj").ToList();

        Assert.IsNotEmpty(projects);
        foreach (var project in projects)
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.IsTrue(Allowed.TryGetValue(name, out var allowed), $"{name} is a new project: say in this test what it may refer to");

            var references = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
            CollectionAssert.IsSubsetOf(references.ToList(), allowed, $"{name} refers to another project");
        }
    }

    [TestMethod]
    public void TheCore_RefersToTorchSharpOnly() => CollectionAssert.AreEqual(
        new[] { "TorchSharp" }, Items(Path.Combine(Repository.Root, "src", "MlComponents", "MlComponents.csproj"), "PackageReference").ToArray());

    [TestMethod]
    public void NoLibrary_RefersToANativeBackend()
    {
        foreach (var project in Repository.Files("src", "*.csproj"))
            Assert.IsFalse(Items(project, "PackageReference").Any(package => package.StartsWith("libtorch", StringComparison.Ordinal) || package.StartsWith("TorchSharp-", StringComparison.Ordinal)), project);
    }

    [TestMethod]
    public void EverySourceFile_IsShortEnoughToRead()
    {
        var files = new[] { "src", "tests", "samples" }.SelectMany(folder => Repository.Files(folder, "*.cs")).ToList();

        var tooLong = files.Where(file => File.ReadLines(file).Count() > LongestFile).Select(file => Path.GetRelativePath(Repository.Root, file)).ToList();

        Assert.IsGreaterThan(50, files.Count);
        Assert.IsEmpty(tooLong, $"longer than {LongestFile} lines: {string.Join(", ", tooLong)}");
    }

    [TestMethod]
    [DataRow("src", @"\.forward\(", "runs no hooks: use call")]
    [DataRow("src", @"\bConsole\.Write", "a library prints nothing by itself")]
    [DataRow("src", @"NotImplementedException|\bTODO\b", "is left unfinished")]
    [DataRow("tests", @"Assert\.Inconclusive|\[Ignore\b|Thread\.Sleep", "is no test")]
    public void NoSourceLine_HasWhatIsForbidden(string folder, string pattern, string reason)
    {
        var found = Repository.Files(folder, "*.cs").Where(file => !file.EndsWith("ProjectTests.cs", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Select((line, i) => (line, Place: $"{Path.GetRelativePath(Repository.Root, file)}:{i + 1}")))
            .Where(at => !at.line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Regex.IsMatch(at.line, pattern))
            .Select(at => at.Place).ToList();

        Assert.IsEmpty(found, $"{reason}: {string.Join(", ", found)}");
    }

    private static IEnumerable<string> Items(string project, string item) =>
        XDocument.Load(project).Descendants(item).Select(element => element.Attribute("Include")?.Value).OfType<string>();
}
