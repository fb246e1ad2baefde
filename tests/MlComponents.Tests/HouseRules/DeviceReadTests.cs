using System.Text.RegularExpressions;

namespace MlComponents.Tests.HouseRules;

[TestClass]
public sealed partial class DeviceReadTests
{
    /// <summary>A batch is added without waiting for the device, which a CPU can't show: what waits stands in the members that read a result, and nowhere else.</summary>
    [TestMethod]
    public void EveryMetric_WaitsForTheDeviceOnlyWhenItIsRead()
    {
        List<string> waiting = [];
        var reads = 0;
        foreach (var file in Repository.Files(Path.Combine("src", "MlComponents", "Metrics"), "*.cs"))
        {
            var member = "";
            foreach (var line in File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            {
                member = Member().Match(line) is { Success: true } match ? match.Groups["name"].Value : member;
                if (!Waits().IsMatch(line))
                    continue;
                reads++;
                if (member is not ("Compute" or "Read"))
                    waiting.Add($"{Path.GetFileName(file)}, {member}: {line.Trim()}");
            }
        }

        Assert.IsEmpty(waiting, $"waits for the device: {string.Join(", ", waiting)}");
        Assert.IsGreaterThan(5, reads);
    }

    [TestMethod]
    [DataRow("var x = total.item<double>();")]
    [DataRow("var x = total.cpu();")]
    [DataRow("var x = total.to(CPU);")]
    [DataRow("if (total.ToDouble() > 0)")]
    [DataRow("var x = total.data<float>();")]
    [DataRow("var x = label.bincount();")]
    [DataRow("var x = label.masked_select(mask);")]
    [DataRow("var x = label[mask];")]
    public void Waits_OfWhatReads_Matches(string line) => Assert.MatchesRegex(Waits(), line);

    [GeneratedRegex(@"^    (?:public|protected|private|internal)\b[^=;]*?\b(?<name>\w+)\(")]
    private static partial Regex Member();

    // Reading a value; and results whose size depends on values: bincount, unique, masks as an index.
    [GeneratedRegex(@"\.item<|\.cpu\(\)|\bCPU\b|\.To(Double|Single|Int64|Boolean)\(|\.data<|\.bytes\b|\b(bincount|masked_select|nonzero|unique|equal|allclose|is_nonzero)\(|\[(mask|counted|present|positive|ignored)\]")]
    private static partial Regex Waits();
}
