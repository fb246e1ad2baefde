using System.Reflection;
using System.Text.RegularExpressions;

namespace MlComponents.Tests.HouseRules;

/// <summary>docs/DATA.md names what there is.</summary>
[TestClass]
public sealed class DataPageTests
{
    private static readonly string[] Page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "DATA.md"));

    /// <summary>The table of PyTorch's arguments: what each is here.</summary>
    private static Dictionary<string, string> Arguments => Page.SkipWhile(line => line != "## PyTorch's DataLoader").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Select(line => Regex.Match(line, @"^\| `(\w+)` \| (.+) \|$")).Where(match => match.Success).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    [TestMethod]
    public void TheTable_HasEveryArgumentOfPyTorch()
    {
        string[] arguments =
        [
            "dataset", "batch_size", "shuffle", "sampler", "batch_sampler", "num_workers", "collate_fn", "pin_memory", "drop_last", "timeout", "worker_init_fn", "generator", "prefetch_factor",
            "persistent_workers",
        ];

        CollectionAssert.AreEqual(arguments, Arguments.Keys);
    }

    [TestMethod]
    public void TheTable_NamesWhatThereIs()
    {
        foreach (var (argument, here) in Arguments)
        {
            var names = Regex.Matches(here, "`([^`]+)`").Select(match => match.Groups[1].Value).Where(name => name != "IterableDataset").ToList();   // which is PyTorch's

            Assert.IsNotEmpty(names, argument);
            foreach (var name in names)
                Assert.IsTrue(Exists(name), $"{argument}: there is no {name}");
        }
    }

    [TestMethod]
    [DataRow("Trainer.Fit", true)]
    [DataRow("Trainer.Fits", false)]
    [DataRow("DataLoader(batchSize)", true)]
    [DataRow("DataLoader(batchSizes)", false)]
    [DataRow("Loader", false)]
    [DataRow("MapSource", false, DisplayName = "it isn't public")]
    public void Exists_OfANameOrNone_TellsThemApart(string name, bool expected) => Assert.AreEqual(expected, Exists(name));

    /// <summary>Whether there is a public <c>Type</c>, <c>Type.Member</c> or <c>Type(argument of a constructor)</c>.</summary>
    private static bool Exists(string name)
    {
        var parts = name.Split('.', '(', ')');
        var type = typeof(DataLoader).Assembly.GetType($"{nameof(MlComponents)}.{parts[0]}");
        return type is { IsPublic: true } && (parts.Length == 1
            || (name.EndsWith(')') ? type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Any(parameter => parameter.Name == parts[1]) : type.GetMember(parts[1]).Length > 0));
    }
}
