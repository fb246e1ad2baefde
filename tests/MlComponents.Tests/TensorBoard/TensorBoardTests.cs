using System.Text.Json;
using MlComponents.Tests.Training;

namespace MlComponents.Tests.TensorBoards;

[TestClass]
public sealed class TensorBoardTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;
    private readonly List<string> warnings = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void ARun_IsReadBackInFull()
    {
        using var result = Fit(Blobs.Options with { Average = new ExponentialMovingAverage() }, new TensorBoard { Folder = folder, ScalarEvery = 3 });

        var train = EventFiles.Values(Path.Combine(folder, "train"));
        var validation = EventFiles.Values(Path.Combine(folder, "validation"));
        var average = EventFiles.Values(Path.Combine(folder, "ema"));
        AreMetrics(result.History, "train/loss", train);
        AreMetrics(result.History, "validation/loss", validation);
        AreMetrics(result.History, "validation/accuracy", validation);
        CollectionAssert.AreEqual(result.History.Select(row => (float)row.Metrics["validation/ema/loss"]).ToArray(), Scalars(average, "loss").Select(point => point.Value).ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(0, 8).Select(i => 1L + 3 * i).ToArray(), Scalars(train, "step/loss").Select(point => point.Step).ToArray());
        foreach (var tag in new[] { "step/learning-rate", "step/gradient-norm", "step/samples-per-second" })
            Assert.IsTrue(Scalars(train, tag).Length == 8 && Scalars(train, tag).All(point => point.Value > 0), tag);
        foreach (var tag in new[] { "weights/", "gradients/" })
            foreach (var (name, parameter) in result.Network.named_parameters())
                Assert.AreEqual(3, train.Count(value => value.Tag == tag + name && value.Histogram.Double(3) == parameter.numel() && value.Histogram.Doubles(7).Sum() == parameter.numel()), tag + name);
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void TheFolderItself_HasOptionsHyperParametersAndTheGraph()
    {
        using var result = Fit(Blobs.Options, new TensorBoard { Folder = folder });

        var values = EventFiles.Values(folder).ToDictionary(value => value.Tag);
        var text = values["options"].Tensor.Texts(8).Single();
        StringAssert.Contains(text, "\"name\": \"adamw\"");
        var session = new WireMessage(values["_hparams_/session_start_info"].PluginContent).Message(3).Map(1);
        Assert.AreEqual("adamw", session["optimizer"].Text(3));
        Assert.AreEqual(1e-2, session["optimizer.learningRate"].Double(2));
        Assert.AreEqual("[8]", session["network.hidden"].Text(3));
        Assert.AreEqual(16.0, session["batchSize"].Double(2));
        Assert.AreEqual(1.0, session["seed"].Double(2));
        var metrics = new WireMessage(values["_hparams_/experiment"].PluginContent).Message(2).Messages(5).Select(info => $"{info.Message(1).Text(1)}/{info.Message(1).Text(2)}").ToArray();
        CollectionAssert.AreEqual(new[] { "train/loss", "validation/loss", "validation/accuracy" }, metrics);
        Assert.AreEqual(1, new WireMessage(values["_hparams_/session_end_info"].PluginContent).Message(4).Int(1));
        Assert.IsTrue(EventFiles.Read(EventFiles.Of(folder).Single()).Any(e => e.Message(4).Messages(1).Any(node => node.Text(2) == "Linear")));
    }

    [TestMethod]
    public void PrecisionRecall_OfAValidation_EqualsCountsByHand()
    {
        List<(long Label, float[] Logits)> rows = [];
        using var result = Fit(Blobs.Options with { Epochs = 1, ValidationBatchSize = 50 }, new TensorBoard { Folder = folder }, new LambdaCallback
        {
            OnValidationBatch = e =>
            {
                for (var row = 0; row < e.Batch.Count; row++)
                    rows.Add((e.Batch.Label[row].item<long>(), e.Output[row].data<float>().ToArray()));
            },
        });

        var values = EventFiles.Values(Path.Combine(folder, "validation")).Where(value => value.Plugin == "pr_curves").ToList();
        CollectionAssert.AreEqual(new[] { "precision-recall/0", "precision-recall/1", "precision-recall/2" }, values.Select(value => value.Tag).ToArray());
        for (var label = 0; label < Blobs.Classes; label++)
        {
            var curve = values[label].Tensor.Floats(5).Chunk(201).ToArray();
            var scored = rows.Select(row => (IsOf: row.Label == label, P: Softmax(row.Logits, label))).ToList();
            for (var i = 0; i < 201; i++)
            {
                var yes = scored.Where(row => row.P >= i / 200.0 - 1e-7).ToList();   // a softmax of another rounding
                Assert.AreEqual(yes.Count(row => row.IsOf), curve[0][i]);
                Assert.AreEqual(yes.Count(row => !row.IsOf), curve[1][i]);
                Assert.AreEqual(scored.Count(row => !row.IsOf) - curve[1][i], curve[2][i]);
                Assert.AreEqual(scored.Count(row => row.IsOf) - curve[0][i], curve[3][i]);
            }
        }
    }

    [TestMethod]
    public void PrecisionRecall_OfABinaryTask_IsOneCurveWithoutIgnoredRows()
    {
        using var scope = NewDisposeScope();
        using var data = new TensorDataset(randn(40, 3), (arange(40) % 4).clamp_max(2).to(ScalarType.Float32));   // 0, 1, 2, 2, …
        using var objective = Objective.Binary(new BinaryCrossEntropy { IgnoreIndex = 2 });
        using var result = new Trainer(Blobs.Options with { Epochs = 1, Callbacks = [new TensorBoard { Folder = folder }] }).Fit(Blobs.Network, objective, data, data);

        var curve = EventFiles.Values(Path.Combine(folder, "validation")).Single(value => value.Plugin == "pr_curves");
        Assert.AreEqual("precision-recall", curve.Tag);
        Assert.AreEqual((10f, 10f), (curve.Tensor.Floats(5)[0], curve.Tensor.Floats(5)[201]));
    }

    [TestMethod]
    public void Examples_OfPictures_AreShownOnceAndTheirPredictionsEachTime()
    {
        using var scope = NewDisposeScope();
        using var data = new TensorDataset(rand(48, 64, generator: new Generator(1)), arange(48) % 3);
        using var objective = Objective.Multiclass(3);
        using var result = new Trainer(Blobs.Options with { Epochs = 2, Callbacks = [new TensorBoard { Folder = folder, Images = 2 }] }).Fit(Blobs.Network, objective, data, data);

        var values = EventFiles.Values(Path.Combine(folder, "validation"));
        var pictures = values.Where(value => value.Value.Has(4)).ToList();
        CollectionAssert.AreEqual(new[] { "examples/1", "examples/2" }, pictures.Select(value => value.Tag).ToArray());
        using var first = data.Gather([0]);
        var expected = first.Features.data<float>().ToArray().Select(value => (byte)MathF.Round(value * 255)).ToArray();
        CollectionAssert.AreEqual(expected, PngPixels.Decode(pictures[0].Image.Bytes(4)).Values);
        Assert.AreEqual("label 1", pictures[1].Metadata.Text(3));
        var texts = values.Where(value => value.Tag == "examples").Select(value => value.Tensor.Texts(8).Single()).ToList();
        Assert.HasCount(2, texts);
        StringAssert.StartsWith(texts[0], "| example | label | prediction | probability |\n| --- | --- | --- | --- |\n| 1 | 0 | ");
    }

    [TestMethod]
    public void Scalars_AreExportedAtTheEnd()
    {
        using var result = Fit(Blobs.Options, new TensorBoard { Folder = folder });

        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "scalars.json")));
        CollectionAssert.AreEqual(
            result.History.Select(row => ((double)row.Step, (float)row.Metrics["validation/loss"])).ToArray(),
            json.RootElement.GetProperty("validation/loss").EnumerateArray().Select(point => (point[1].GetDouble(), point[2].GetSingle())).ToArray());
    }

    [TestMethod]
    public void Weights_WithAndWithoutTheCallback_AreTheSameBits()
    {
        using var plain = Fit(Blobs.Options);
        using var written = Fit(Blobs.Options, new TensorBoard { Folder = folder, ScalarEvery = 1 });

        foreach (var (name, weight) in plain.Network.state_dict())
            Assert.IsTrue(weight.bytes.SequenceEqual(written.Network.state_dict()[name].bytes), name);
    }

    /// <summary>Without the graph, for which a network is built: TorchSharp counts what a disposed network had as alive.</summary>
    [TestMethod]
    public void ARun_LeavesNoMoreTensorsThanOneWithoutTheCallback()
    {
        var plain = Left();
        var written = Left(new TensorBoard { Folder = folder, Graph = false });

        Assert.AreEqual(plain, written);

        long Left(params CallbackDefinition[] callbacks)
        {
            var before = TensorAssert.LiveCount();
            Fit(Blobs.Options, callbacks).Dispose();
            return TensorAssert.LiveCount() - before;
        }
    }

    [TestMethod]
    public void AResumedRun_ShowsEveryStepOnce()
    {
        var options = Blobs.Options with { Checkpoints = new() { Folder = Path.Combine(folder, "checkpoints"), EverySteps = 5, EveryEpoch = false, OnError = false }, ValidateEvery = 4 };
        var board = new TensorBoard { Folder = Path.Combine(folder, "board"), ScalarEvery = 1 };
        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(options, board, new LambdaCallback { OnStepEnd = e => { if (e.Step == 13) throw new InvalidOperationException("killed"); } }));

        using var result = Fit(options with { Checkpoints = options.Checkpoints with { Resume = true } }, board);

        Assert.AreEqual(10L, result.ResumedFromStep);
        var train = EventFiles.Shown(Path.Combine(board.Folder, "train"));
        CollectionAssert.AreEqual(Enumerable.Range(1, (int)result.History[^1].Step).Select(step => (long)step).ToArray(), Scalars(train, "step/loss").Select(point => point.Step).ToArray());
        var validation = EventFiles.Shown(Path.Combine(board.Folder, "validation"));
        CollectionAssert.AreEqual(
            result.History.Where(row => row.Metrics.ContainsKey("validation/loss")).Select(row => (row.Step, (float)row.Metrics["validation/loss"])).ToArray(), Scalars(validation, "loss"));
        CollectionAssert.AreEqual(
            Scalars(validation, "loss"), TensorBoardScalars.Read(board.Folder)["validation/loss"].Select(point => (point.Step, point.Value)).ToArray());
        Assert.HasCount(2, EventFiles.Of(Path.Combine(board.Folder, "train")));
        Assert.AreEqual(1, EventFiles.Of(board.Folder).SelectMany(EventFiles.Read).Count(e => e.Has(4)), "graphs");
    }

    /// <summary>A killed process flushes nothing: the folder is copied as it is when the checkpoint has been taken, and the run goes on in the copy.</summary>
    [TestMethod]
    public void ARunThatWasKilledAfterACheckpoint_LacksNothingBeforeIt()
    {
        var options = Blobs.Options with { Checkpoints = new() { Folder = Path.Combine(folder, "checkpoints"), EverySteps = 8, KeepLast = 9 }, ValidateEvery = 4 };
        var (first, killed) = (Path.Combine(folder, "first"), Path.Combine(folder, "killed"));
        Assert.ThrowsExactly<InvalidOperationException>(() => FitPictures(options, new TensorBoard { Folder = first, ScalarEvery = 3, FlushSeconds = 3600 }, new LambdaCallback
        {
            OnCheckpoint = e =>
            {
                Copy(first, killed);
                throw new InvalidOperationException("killed");
            },
        }));

        using var result = FitPictures(options with { Checkpoints = options.Checkpoints with { Resume = true } }, new TensorBoard { Folder = killed, ScalarEvery = 3 });
        using var whole = FitPictures(options with { Checkpoints = null }, new TensorBoard { Folder = Path.Combine(folder, "whole"), ScalarEvery = 3 });

        var (expected, actual) = (TensorBoardScalars.Read(Path.Combine(folder, "whole")), TensorBoardScalars.Read(killed));
        Assert.AreEqual(8L, result.ResumedFromStep);
        CollectionAssert.AreEqual(expected.Keys.ToArray(), actual.Keys.ToArray());
        foreach (var (tag, points) in expected)
            CollectionAssert.AreEqual(points.Select(point => point.Step).ToArray(), actual[tag].Select(point => point.Step).ToArray(), tag);
        CollectionAssert.AreEqual(Pictures("whole"), Pictures("killed"), "pictures");

        (string, long)[] Pictures(string board) => [.. EventFiles.Shown(Path.Combine(folder, board, "validation")).Where(value => value.Value.Has(4)).Select(value => (value.Tag, value.Step))];
    }

    [TestMethod]
    public void AReportThatFailed_IsShownOnceAfterAResume()
    {
        var options = Blobs.Options with { Checkpoints = new() { Folder = Path.Combine(folder, "checkpoints"), EveryEpoch = false } };
        var board = new TensorBoard { Folder = Path.Combine(folder, "board"), ScalarEvery = 1 };
        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(options, board, new LambdaCallback { OnEpochEnd = _ => throw new InvalidOperationException("broken") }));

        using var result = Fit(options with { Checkpoints = options.Checkpoints with { Resume = true } }, board);

        foreach (var metric in new[] { "train/loss", "validation/loss" })
            CollectionAssert.AreEqual(result.History.Select(row => row.Step).ToArray(), TensorBoardScalars.Read(board.Folder)[metric].Select(point => point.Step).ToArray(), metric);
    }

    [TestMethod]
    public void AFullDisk_WarnsOnceAndTheRunGoesOn()
    {
        using var result = Fit(Blobs.Options, new TensorBoard { Folder = folder, ScalarEvery = 1, Open = _ => new FullDisk(room: 100) });

        Assert.HasCount(Blobs.Options.Epochs, result.History);
        Assert.HasCount(1, warnings, string.Join("\n", warnings));
        StringAssert.Contains(warnings[0], "can't be written any more, and the run goes on without: No space left on device");
    }

    [TestMethod]
    public void AFolderThatIsAFile_WarnsOnceAndTheRunGoesOn()
    {
        var path = Path.Combine(folder, "file");
        File.WriteAllText(path, "");

        using var result = Fit(Blobs.Options, new TensorBoard { Folder = path });

        Assert.HasCount(Blobs.Options.Epochs, result.History);
        Assert.HasCount(1, warnings, string.Join("\n", warnings));
    }

    [TestMethod]
    public void ADeletedFolder_WarnsOnceAndTheRunGoesOn()
    {
        var board = Path.Combine(folder, "board");
        using var clock = new ManualTimer();
        using var result = Fit(Blobs.Options, new TensorBoard { Folder = board, ScalarEvery = 1, Clock = clock }, new LambdaCallback
        {
            OnEpochEnd = e =>
            {
                clock.Tick();
                if (e.Row.Epoch == 1)
                    Directory.Delete(board, recursive: true);
            },
        });

        Assert.HasCount(Blobs.Options.Epochs, result.History);
        Assert.HasCount(1, warnings, string.Join("\n", warnings));
        StringAssert.Contains(warnings[0], "deleted");
    }

    [TestMethod]
    public void AFailedRun_IsShownAsFailedAndACancelledOneAsGoingOn()
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(Blobs.Options, new TensorBoard { Folder = Path.Combine(folder, "failed") },
            new LambdaCallback { OnStepEnd = e => throw new InvalidOperationException("broken") }));
        using var stop = new CancellationTokenSource();
        using var cancelled = Fit(Blobs.Options with { CancellationToken = stop.Token }, new TensorBoard { Folder = Path.Combine(folder, "cancelled") }, new LambdaCallback { OnStepEnd = _ => stop.Cancel() });

        Assert.AreEqual(2, new WireMessage(EventFiles.Values(Path.Combine(folder, "failed")).Single(value => value.Tag == "_hparams_/session_end_info").PluginContent).Message(4).Int(1));
        Assert.IsFalse(EventFiles.Values(Path.Combine(folder, "cancelled")).Any(value => value.Tag == "_hparams_/session_end_info"));
    }

    [TestMethod]
    public void TwoRunsSideBySide_KeepToThemselves()
    {
        string[] names = ["a", "b"];

        Parallel.ForEach(names, name => Fit(Blobs.Options, new TensorBoard { Folder = Path.Combine(folder, name) }).Dispose());

        foreach (var name in names)
        {
            Assert.HasCount(1, EventFiles.Of(Path.Combine(folder, name, "train")));
            Assert.HasCount(Blobs.Options.Epochs, Scalars(EventFiles.Values(Path.Combine(folder, name, "train")), "loss"));
        }
    }

    [TestMethod]
    public void ADryRun_WritesNothing()
    {
        using var result = Fit(Blobs.Options with { DryRun = true }, new TensorBoard { Folder = folder });

        Assert.IsEmpty(Directory.GetFileSystemEntries(folder));
    }

    private TrainingResult Fit(TrainerOptions options, params CallbackDefinition[] callbacks)
    {
        using var data = Blobs.Create(rows: 120, seed: 1);
        using var objective = Objective.Multiclass(Blobs.Classes);
        return new Trainer(options with { Callbacks = [.. callbacks, new LambdaCallback { OnWarning = e => warnings.Add(e.Message) }] }).Fit(Blobs.Network, objective, data, data);
    }

    private static TrainingResult FitPictures(TrainerOptions options, params CallbackDefinition[] callbacks)
    {
        using var scope = NewDisposeScope();
        using var data = new TensorDataset(rand(120, 64, generator: new Generator(1)), arange(120) % 3);
        using var objective = Objective.Multiclass(3);
        return new Trainer(options with { Callbacks = callbacks }).Fit(Blobs.Network, objective, data, data);
    }

    private static void Copy(string from, string to)
    {
        foreach (var path in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    private static void AreMetrics(History history, string metric, IReadOnlyList<RecordedValue> values) => CollectionAssert.AreEqual(
        history.Select(row => (row.Step, (float)row.Metrics[metric])).ToArray(), Scalars(values, metric.Split('/', 2)[1]));

    private static (long Step, float Value)[] Scalars(IReadOnlyList<RecordedValue> values, string tag) => [.. values.Where(value => value.Tag == tag && value.Value.Has(2)).Select(value => (value.Step, value.Scalar))];

    private static double Softmax(float[] logits, int label) => Math.Exp(logits[label]) / logits.Sum(logit => Math.Exp(logit));

    /// <summary>A disk with room for some bytes.</summary>
    private sealed class FullDisk(int room) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > room)
                throw new IOException("No space left on device");
            base.Write(buffer);
        }
    }

    /// <summary>A clock whose timers ring when they are told to.</summary>
    private sealed class ManualTimer : TimeProvider, IDisposable
    {
        private event Action? Rings;

        public void Tick() => Rings?.Invoke();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Rings += () => callback(state);
            return new System.Threading.Timer(_ => { });
        }

        public void Dispose() => Rings = null;
    }
}
