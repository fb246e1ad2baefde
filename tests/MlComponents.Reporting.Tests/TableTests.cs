using Spectre.Console;

namespace MlComponents.Reporting.Tests;

[TestClass]
public sealed class TableTests
{
    [TestMethod]
    public void ConfusionMatrix_OfCounts_ShowsThemByTrueClassWithItsRecall()
    {
        var table = ConfusionMatrixTable.Create([[9, 1], [0, 0]], ["cat", "[dog]"]);

        var lines = Lines(table);

        Assert.MatchesRegex(@"true\s+cat\s+\[dog\]\s+recall", lines[0]);
        Assert.MatchesRegex(@"cat\s+9\s+1\s+0\.900", lines[2]);
        Assert.MatchesRegex(@"^\s+\[dog\]\s+\.\s+\.\s*$", lines[3]);
    }

    [TestMethod]
    public void ConfusionMatrix_OfTenClassesWithThousands_FitsEightyColumns()
    {
        var counts = Enumerable.Range(0, 10).Select(_ => Enumerable.Repeat(1135.0, 10).ToArray()).ToArray();

        var lines = Lines(ConfusionMatrixTable.Create(counts, [.. "0123456789".Select(digit => digit.ToString())]));

        Assert.HasCount(12, lines);
        Assert.IsTrue(lines.All(line => line.Length <= 80), string.Join("\n", lines));
    }

    [TestMethod]
    public void ConfusionMatrix_OfAnOblong_IsAnError()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => ConfusionMatrixTable.Create([[1, 2]], ["a", "b"]));

        Assert.Contains("2 classes", error.Message);
    }

    [TestMethod]
    public void Summary_OfANetwork_HasARowPerModuleAndTheTotals()
    {
        var description = new Mlp { Hidden = [1000] }.Describe([20], outputs: 3);

        var lines = Lines(SummaryTable.Create(description));

        Assert.MatchesRegex(@"module\s+kind\s+output\s+parameters\s+multiply-adds", lines[0]);
        Assert.IsTrue(lines.Any(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"layers\.linear1\s+Linear\s+\[1000\]\s+21,000\s+20,000")), string.Join("\n", lines));
        Assert.MatchesRegex(@"in all\s+Mlp\s+\[3\]\s+24,003\s+23,000", lines[^1]);
    }

    [TestMethod]
    public void Summary_WithAModuleThatNobodyCanCount_SaysAtLeastInTheTotalAndNothingInItsRow()
    {
        var description = new ModuleDescription
        {
            Kind = "Mine", InputShape = [2], OutputShape = [3], Parameters = 9, MultiplyAdds = 6000, HasUncounted = true,
            Parts = [new("linear", "Linear", [3], 9, 6000), new("strange", "Strange", [3], 0)],
        };

        var lines = Lines(SummaryTable.Create(description));

        Assert.MatchesRegex(@"^\s*strange\s+Strange\s+\[3\]$", lines[^2]);
        Assert.MatchesRegex(@"in all\s+Mine\s+\[3\]\s+9\s+at least 6,000", lines[^1]);
    }

    [TestMethod]
    public void Metrics_OfValues_ShowFourDigitsInOrder()
    {
        var lines = Lines(MetricsTable.Create([new("log loss", 0.12345), new("accuracy", 1)]));

        Assert.MatchesRegex(@"log loss\s+0\.1235|log loss\s+0\.1234", lines[2]);
        Assert.MatchesRegex(@"accuracy\s+1\.0000", lines[3]);
    }

    private static List<string> Lines(Table table)
    {
        var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        console.Profile.Capabilities.Unicode = true;
        console.Profile.Width = 80;
        console.Write(table);
        return [.. writer.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
    }
}
