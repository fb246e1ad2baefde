using Spectre.Console;
using static TorchSharp.torch;

namespace MlComponents.Reporting.Tests;

[TestClass]
public sealed class ProgressBarTests
{
    private const string Erase = "\r\e[2K";

    [TestMethod]
    public void Run_WithRedirectedOutput_WritesOneLinePerEpoch()
    {
        var output = new StringWriter();

        Train(new ProgressBar { Console = ConsoleOf(output, isTerminal: false) }, epochs: 3);

        var lines = output.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.HasCount(3, lines);
        Assert.MatchesRegex(@"^epoch 1/3  train loss \d\.\d{4}  validation loss \d\.\d{4}  validation accuracy \d\.\d{4}  [\d,]+ samples/s  \d+ s left$", lines[0]);
        Assert.StartsWith("epoch 3/3", lines[2]);
        Assert.DoesNotContain("left", lines[2]);
    }

    [TestMethod]
    public void Run_WithRedirectedOutput_ReportsSpeedAndTimeLeftByTheClock()
    {
        var output = new StringWriter();

        // Looks: train start, epoch start, validation start, time left. So 40 rows in one second, and three seconds for half of the run.
        Train(new ProgressBar { Console = ConsoleOf(output, isTerminal: false), Clock = new ManualClock(TimeSpan.FromSeconds(1)) }, epochs: 2);

        Assert.Contains("  40 samples/s  3 s left", output.ToString());
    }

    [TestMethod]
    public void Run_OnATerminal_DrawsABarAndLeavesOnlyTheLines()
    {
        var output = new StringWriter();

        Train(new ProgressBar { Console = ConsoleOf(output, isTerminal: true), Clock = new ManualClock(TimeSpan.FromSeconds(1)) }, epochs: 2);

        Assert.Contains("epoch 1/2  ━━━━", output.ToString());
        Assert.Contains("validating", output.ToString());
        var left = Shown(output);
        Assert.HasCount(2, left);
        Assert.IsTrue(left.All(line => line.StartsWith("epoch", StringComparison.Ordinal) && !line.Contains('━')), string.Join("|", left));
    }

    [TestMethod]
    public void Run_OnATerminalWhoseClockStands_DrawsOnlyOncePerEpochAndValidation()
    {
        var output = new StringWriter();

        Train(new ProgressBar { Console = ConsoleOf(output, isTerminal: true), Clock = new ManualClock(TimeSpan.Zero) }, epochs: 2);

        Assert.HasCount(2 * 2 + 1, output.ToString().Split(Erase));
    }

    [TestMethod]
    public void Run_ThatValidatesInBatches_DrawsABarWithinTheEpochs()
    {
        var output = new StringWriter();

        Train(new ProgressBar { Console = ConsoleOf(output, isTerminal: true), Clock = new ManualClock(TimeSpan.FromSeconds(1)) }, epochs: 1, validationBatchSize: 5);

        foreach (var part in new[] { "100%  validating ━━──────── 1/4", "validating ━━━━━───── 2/4", "validating ━━━━━━━─── 3/4", "validating ━━━━━━━━━━ 4/4" })
            Assert.Contains(part, output.ToString());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(12)]
    [DataRow(45)]
    [DataRow(200)]
    public void Run_OnATerminal_DrawsBarsThatFitItsWidth(int width)
    {
        var output = new StringWriter();
        var console = ConsoleOf(output, isTerminal: true);
        console.Profile.Width = width;

        Train(new ProgressBar { Console = console, Clock = new ManualClock(TimeSpan.FromSeconds(1)) }, epochs: 2);

        var bars = output.ToString().Split(Erase).SelectMany(part => part.Split(Environment.NewLine)).Where(line => line.Contains('━') || line.Contains('─')).ToList();
        Assert.AreEqual(width > 12, bars.Count > 0);
        Assert.IsTrue(bars.All(bar => bar.Length < width), string.Join("|", bars));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Run_OfEndlessEpochs_ShowsTheLongestTimeLeft(bool isTerminal)
    {
        var output = new StringWriter();
        using var cancellation = new CancellationTokenSource();
        var cancel = new LambdaCallback { OnStepEnd = e => { if (e.Step == 6) cancellation.Cancel(); } };
        var bar = new ProgressBar { Console = ConsoleOf(output, isTerminal), Clock = new ManualClock(TimeSpan.FromDays(365)) };

        Train(bar, int.MaxValue, cancel, cancellationToken: cancellation.Token);

        Assert.Contains("epoch          1/2147483647", output.ToString());
        Assert.Contains("  9999:00:00 left", output.ToString());
    }

    [TestMethod]
    public void Run_ThatIsCancelled_EndsWithTheReason()
    {
        var output = new StringWriter();
        using var cancellation = new CancellationTokenSource();
        var cancel = new LambdaCallback { OnStepEnd = e => { if (e.Step == 3) cancellation.Cancel(); } };

        Train(new ProgressBar { Console = ConsoleOf(output, isTerminal: true) }, epochs: 2, cancel, cancellationToken: cancellation.Token);

        Assert.AreEqual("stopped: Cancelled after 3 of 8 steps.", Shown(output)[^1]);
    }

    [TestMethod]
    public void Run_ThatFails_LeavesNoBar()
    {
        var output = new StringWriter();
        var fail = new LambdaCallback { OnStepEnd = e => { if (e.Step == 3) throw new InvalidOperationException("broken"); } };

        Assert.ThrowsExactly<InvalidOperationException>(() => Train(new ProgressBar { Console = ConsoleOf(output, isTerminal: true) }, epochs: 2, fail));

        Assert.IsEmpty(Shown(output));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Run_WithABrokenTerminal_GoesOnAndTriesOnce(bool isTerminal)
    {
        var output = new BrokenWriter();

        var epochs = Train(new ProgressBar { Console = ConsoleOf(output, isTerminal) }, epochs: 3);

        Assert.AreEqual(3, epochs);
        Assert.AreEqual(1, output.Writes);
    }

    [TestMethod]
    public void Json_OfARegisteredProgressBar_ComesBackWithoutItsConsole()
    {
        var registry = ComponentRegistry.CreateBuiltIn().AddReporting().AddReporting();
        var bar = new ProgressBar { Output = ProgressOutput.StandardError, RefreshMilliseconds = 250, Console = ConsoleOf(new StringWriter(), isTerminal: false) };

        var json = ComponentJson.Write(bar, registry);

        Assert.AreEqual("""{"name":"progress-bar","output":"standard-error","refreshMilliseconds":250}""", json);
        Assert.AreEqual(bar with { Console = null }, ComponentJson.Read<CallbackDefinition>(json, registry));
    }

    [TestMethod]
    public void Validate_OfARefreshTimeOutOfRange_IsAnError()
    {
        var error = Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(() => new ProgressBar { RefreshMilliseconds = 0 }.Validate());

        Assert.Contains("ProgressBar.RefreshMilliseconds is 0; allowed is at least 10 and at most 60000.", error.Message);
    }

    private static IAnsiConsole ConsoleOf(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>The lines that a terminal shows in the end.</summary>
    private static List<string> Shown(StringWriter output) =>
        [.. output.ToString().Split(Environment.NewLine).Select(line => line[(line.LastIndexOf(Erase, StringComparison.Ordinal) is >= 0 and var at ? at + Erase.Length : 0)..]).Where(line => line.Length > 0)];

    /// <summary>Trains on 40 rows in batches of 10.</summary>
    /// <returns>The number of finished epochs.</returns>
    private static int Train(ProgressBar bar, int epochs, LambdaCallback? first = null, int validationBatchSize = 1024, CancellationToken cancellationToken = default)
    {
        using var rows = new TensorDataset(randn(40, 3), arange(40) % 2);
        using var validation = new TensorDataset(randn(20, 3), arange(20) % 2);
        using var objective = Objective.Multiclass(2);
        var trainer = new Trainer(new TrainerOptions
        {
            Epochs = epochs, BatchSize = 10, ValidationBatchSize = validationBatchSize, Seed = 1, Device = "cpu", CancellationToken = cancellationToken,
            Callbacks = first is null ? [bar] : [bar, first],
        });

        using var result = trainer.Fit(new Mlp { Hidden = [] }, objective, rows, validation);
        return result.History.Count;
    }
}
