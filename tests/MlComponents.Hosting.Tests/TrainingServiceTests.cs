using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using MlComponents.MLNet;

namespace MlComponents.Hosting.Tests;

[TestClass]
public sealed class TrainingServiceTests
{
    [TestMethod]
    public async Task Job_OfAStockTrainer_PublishesAModelAndEvaluatesIt()
    {
        using var host = new TestHost(jobs => jobs.AddJob("blobs", Blobs.Job));

        var exitCode = await host.RunAsync();

        Assert.AreEqual(0, exitCode);
        AssertPredicts(host.ModelOf("blobs"));
        CollectionAssert.AreEqual(new[]
        {
            $"blobs: starts, output goes to {Path.GetDirectoryName(host.ModelOf("blobs"))}.",
            $"blobs: model published to {host.ModelOf("blobs")}.",
            "blobs: evaluation: accuracy 1.",
        }, host.Messages.OfJobs.ToArray());
        CollectionAssert.AreEqual(new[] { host.ModelOf("blobs") }, Directory.GetFiles(host.Folder, "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public async Task Job_OfANetwork_LogsItsEpochsAndKeepsItsHistory()
    {
        using var host = new TestHost(jobs => jobs.AddJob("net", Network(Blobs.Options)));

        await host.RunAsync();

        Assert.IsTrue(host.Messages.Any("net: MlpModule on cpu learns from 48 rows, 48 for validation, in 2 epochs of 3 steps, with seed 1."));
        Assert.IsTrue(host.Messages.Any("net: epoch 1 of 2 after "));
        var epoch = host.Messages.OfJobs.Single(text => text.StartsWith("net: epoch 2 of 2 after ", StringComparison.Ordinal));
        StringAssert.Contains(epoch, "validation/accuracy ");
        var history = History.Load(Path.Combine(Path.GetDirectoryName(host.ModelOf("net"))!, "history.jsonl"));
        Assert.HasCount(2, history);
        Assert.IsNull(history.StopReason);
    }

    [TestMethod]
    public async Task Job_OfANetwork_IsWrittenForTensorBoardUnlessTheHostSaysOtherwise()
    {
        using var writes = new TestHost(jobs => jobs.AddJob("net", Network(Blobs.Options)));
        using var doesNot = new TestHost(jobs => jobs.AddJob("net", Network(Blobs.Options)), options => options.TensorBoard = false);

        await writes.RunAsync();
        await doesNot.RunAsync();

        Assert.IsNotEmpty(Directory.GetFiles(Path.Combine(Path.GetDirectoryName(writes.ModelOf("net"))!, "tensorboard"), "events.out.tfevents.*", SearchOption.AllDirectories));
        Assert.IsFalse(Directory.Exists(Path.Combine(Path.GetDirectoryName(doesNot.ModelOf("net"))!, "tensorboard")));
    }

    [TestMethod]
    public async Task Callback_OfTheBuilder_SeesEachRunWithItsFolder()
    {
        var seen = new List<string>();
        using var host = new TestHost(jobs => jobs.AddJob("net", Network(Blobs.Options)).AddJob("again", Network(Blobs.Options))
            .AddCallback(context => new LambdaCallback { OnTrainEnd = e => seen.Add($"{context.Job} in {context.OutputFolder} after {e.Run.Step} steps") }));

        await host.RunAsync();

        CollectionAssert.AreEqual(
            new[] { "net", "again" }.Select(job => $"{job} in {Path.GetDirectoryName(host.ModelOf(job))} after 6 steps").ToArray(), seen);
    }

    [TestMethod]
    public async Task WorkersAndMemory_OfTheHost_TakeThePlaceOfTheTrainers()
    {
        TrainerOptions? used = null;
        using var host = new TestHost(
            jobs => jobs.AddJob("net", Network(Blobs.Options with { MemoryBudget = 1 << 22 })).AddCallback(_ => new LambdaCallback { OnTrainStart = e => used = e.Run.Options }),
            options => options.Workers = 2);

        await host.RunAsync();

        Assert.AreEqual(2, used!.Prefetching.Workers);
        Assert.AreEqual(1 << 22, used.MemoryBudget);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task TensorBoard_ThatCanNotBeWritten_IsAWarningAndTheModelIsPublished()
    {
        var job = Network(Blobs.Options);
        using var host = new TestHost(jobs => jobs.AddJob("net", job with
        {
            Data = context =>
            {
                File.WriteAllText(Path.Combine(context.OutputFolder, "tensorboard"), "in the way");
                return job.Data(context);
            },
        }));

        var exitCode = await host.RunAsync();

        Assert.AreEqual(0, exitCode);
        Assert.IsTrue(File.Exists(host.ModelOf("net")));
        Assert.AreEqual(1, host.Messages.All.Count(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("tensorboard", StringComparison.OrdinalIgnoreCase)));
    }

    [TestMethod]
    public async Task Messages_OfMLNet_ReachTheLog()
    {
        using var host = new TestHost(jobs => jobs.AddJob("blobs", Blobs.Job));

        await host.RunAsync();

        Assert.IsTrue(host.Messages.All.Any(entry => entry.Category == "Microsoft.ML" && entry.Level == LogLevel.Information));
        Assert.IsTrue(host.Messages.All.Any(entry => entry.Category == "Microsoft.ML" && entry.Level == LogLevel.Trace));
    }

    [TestMethod]
    public async Task Start_WhileAJobBlocks_Returns()
    {
        using var reached = new ManualResetEventSlim();
        var job = Blobs.Job with
        {
            Data = context =>
            {
                reached.Set();
                context.CancellationToken.WaitHandle.WaitOne();
                return Blobs.View(context.ML);
            },
        };
        using var host = new TestHost(jobs => jobs.AddJob("blocks", job));

        await host.StartAsync();

        Assert.IsTrue(reached.Wait(TestHost.Limit));
        await host.StopAsync();
        Assert.IsTrue(host.Messages.Any("blocks: cancelled before its first step, there is no model."));
        Assert.IsEmpty(Directory.GetDirectories(Path.Combine(host.Folder, "blocks")));
    }

    [TestMethod]
    public async Task Stop_InTheMiddleOfTraining_PublishesTheModelSoFar()
    {
        using var reached = new ManualResetEventSlim();
        var job = Network(Blobs.Options with
        {
            Epochs = 1000,
            Callbacks = [new LambdaCallback { OnStepEnd = e => { if (e.Step == 5) { reached.Set(); e.Run.Options.CancellationToken.WaitHandle.WaitOne(); } } }],
        });
        using var host = new TestHost(jobs => jobs.AddJob("net", job).AddJob("next", Blobs.Job));
        await host.StartAsync();
        Assert.IsTrue(reached.Wait(TestHost.Limit));

        await host.StopAsync();

        AssertPredicts(host.ModelOf("net"));
        var history = History.Load(Path.Combine(Path.GetDirectoryName(host.ModelOf("net"))!, "history.jsonl"));
        Assert.AreEqual("Cancelled after 5 of 3000 steps.", history.StopReason);
        Assert.IsTrue(host.Messages.Any("net: training stopped: Cancelled after 5 of 3000 steps."));
        Assert.IsTrue(host.Messages.Any("net: the host is stopping, so the model is not evaluated."));
        Assert.IsFalse(host.Messages.Any("next:"));
        Assert.IsFalse(host.Messages.All.Any(entry => entry.Level >= LogLevel.Error));
    }

    [TestMethod]
    public async Task Failure_ThatAUserCanPutRight_IsOneSentenceAndStopsTheHost()
    {
        var fails = Blobs.Job with { Data = _ => throw new DirectoryNotFoundException("There is no folder 'digits'.") };
        using var host = new TestHost(jobs => jobs.AddJob("fails", fails).AddJob("next", Blobs.Job), options => options.StopWhenDone = false);

        var exitCode = await host.RunAsync();

        Assert.AreEqual(1, exitCode);
        var error = host.Messages.All.Single(entry => entry.Level == LogLevel.Error);
        Assert.AreEqual("fails: failed: There is no folder 'digits'.", error.Text);
        Assert.IsNull(error.Exception);
        Assert.IsInstanceOfType<DirectoryNotFoundException>(host.Messages.All.Single(entry => entry.Text == "fails: where it failed.").Exception);
        Assert.IsFalse(host.Messages.Any("next:"));
        Assert.IsEmpty(Directory.GetFiles(host.Folder, "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public async Task Failure_ToSaveANetworkWithoutAName_IsOneSentence()
    {
        var network = NetworkDefinition.From(context => nn.Linear(context.InputShape[0], context.Outputs));
        var job = Blobs.Job with
        {
            Pipeline = context => context.ML.Transforms.Conversion.MapValueToKey("Label").Append(
                context.ML.MulticlassClassification.Trainers.Torch(network, context.Attach(new TorchTrainerOptions { Epochs = 1, Device = "cpu" }))),
        };
        using var host = new TestHost(jobs => jobs.AddJob("net", job));

        var exitCode = await host.RunAsync();

        Assert.AreEqual(1, exitCode);
        var error = host.Messages.All.Single(entry => entry.Level == LogLevel.Error);
        StringAssert.StartsWith(error.Text, "net: failed: ");
        Assert.IsNull(error.Exception);
        Assert.IsInstanceOfType<ComponentException>(host.Messages.All.Single(entry => entry.Text == "net: where it failed.").Exception);
        Assert.IsFalse(File.Exists(host.ModelOf("net")));
    }

    [TestMethod]
    public async Task Failure_OfAMissingLibrary_IsItsMessage()
    {
        var fails = Blobs.Job with { Data = _ => throw new TypeInitializationException("torch", new DllNotFoundException("There is no LibTorchSharp.")) };
        using var host = new TestHost(jobs => jobs.AddJob("fails", fails));

        var exitCode = await host.RunAsync();

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual("fails: failed: There is no LibTorchSharp.", host.Messages.All.Single(entry => entry.Level == LogLevel.Error).Text);
    }

    [TestMethod]
    public async Task Failure_ThatIsABug_IsLoggedWithItsStack()
    {
        var fails = Blobs.Job with { Pipeline = _ => throw new NotSupportedException("A bug.") };
        using var host = new TestHost(jobs => jobs.AddJob("fails", fails));

        var exitCode = await host.RunAsync();

        Assert.AreEqual(1, exitCode);
        var error = host.Messages.All.Single(entry => entry.Level == LogLevel.Error);
        Assert.AreEqual("fails: failed unexpectedly.", error.Text);
        Assert.IsInstanceOfType<NotSupportedException>(error.Exception);
    }

    [TestMethod]
    public async Task Failure_WithContinue_RunsTheNextJob()
    {
        var fails = Blobs.Job with { Data = _ => throw new IOException("The disk is gone.") };
        using var host = new TestHost(jobs => jobs.AddJob("fails", fails).AddJob("next", Blobs.Job), options => options.OnFailure = JobFailure.Continue);

        var exitCode = await host.RunAsync();

        Assert.AreEqual(1, exitCode);
        AssertPredicts(host.ModelOf("next"));
    }

    [TestMethod]
    public async Task Failure_OfTheEvaluation_KeepsTheModel()
    {
        var job = Blobs.Job with { Evaluate = (_, _) => throw new IOException("The test set is gone.") };
        using var host = new TestHost(jobs => jobs.AddJob("blobs", job));

        var exitCode = await host.RunAsync();

        Assert.AreEqual(1, exitCode);
        AssertPredicts(host.ModelOf("blobs"));
    }

    [TestMethod]
    public async Task TwoJobs_RunOneAfterAnother()
    {
        using var host = new TestHost(jobs => jobs.AddJob("first", Blobs.Job).AddJob("second", _ => Blobs.Job));

        await host.RunAsync();

        AssertPredicts(host.ModelOf("first"));
        AssertPredicts(host.ModelOf("second"));
        Assert.AreEqual("first,first,first,second,second,second", string.Join(",", host.Messages.OfJobs.Select(text => text.Split(':')[0])));
    }

    [TestMethod]
    public async Task OutputFolder_OfATakenTimestamp_IsAnother()
    {
        using var host = new TestHost(jobs => jobs.AddJob("blobs", Blobs.Job));
        var taken = Path.GetDirectoryName(host.ModelOf("blobs"))!;
        Directory.CreateDirectory(taken);

        await host.RunAsync();

        Assert.IsEmpty(Directory.GetFiles(taken));
        AssertPredicts(Path.Combine($"{taken}-2", "model.zip"));
    }

    [TestMethod]
    public async Task OutputFolder_WithAnotherRunsModel_IsAnErrorBeforeTraining()
    {
        var folder = Directory.CreateTempSubdirectory("hosting-tests-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "model.zip"), "another's");
            using var host = new TestHost(jobs => jobs.AddJob("blobs", Blobs.Job with { OutputFolder = folder, Data = _ => throw new NotSupportedException() }));

            var exitCode = await host.RunAsync();

            Assert.AreEqual(1, exitCode);
            StringAssert.Contains(host.Messages.All.Single(entry => entry.Level == LogLevel.Error).Text, "holds another run's model.zip");
            Assert.AreEqual("another's", File.ReadAllText(Path.Combine(folder, "model.zip")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public async Task Options_ThatAreNotAllowed_FailTheStart()
    {
        using var host = new TestHost(jobs => jobs.AddJob("blobs", Blobs.Job), options => options.OutputFolder = "");

        var e = await Assert.ThrowsExactlyAsync<OptionsValidationException>(host.StartAsync);

        StringAssert.Contains(e.Message, "OutputFolder");
    }

    [TestMethod]
    public void Options_OfASection_AreBound()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["OutputFolder"] = "elsewhere", ["OnFailure"] = "Continue", ["StopWhenDone"] = "true" }).Build();
        var services = new ServiceCollection();
        services.AddTraining(configuration);

        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<TrainingHostOptions>>().Value;

        Assert.AreEqual("elsewhere", options.OutputFolder);
        Assert.AreEqual(JobFailure.Continue, options.OnFailure);
        Assert.IsTrue(options.StopWhenDone);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("..")]
    [DataRow("a/b")]
    [DataRow("FIRST")]
    public void AddJob_OfANameThatIsNotAllowed_IsAnError(string name)
    {
        using var host = new TestHost(jobs =>
        {
            jobs.AddJob("first", Blobs.Job);

            Assert.ThrowsExactly<ArgumentException>(() => jobs.AddJob(name, Blobs.Job));
        });
    }

    private static TrainingJob Network(TrainerOptions options) => Blobs.Job with { Pipeline = context => new TrainsByTheLoop(context.ML, context.Attach(options)) };

    private static void AssertPredicts(string path)
    {
        var ml = new MLContext();
        var model = ml.Model.Load(path, out var schema);
        Assert.IsNotNull(schema.GetColumnOrNull("Features"));
        Assert.AreEqual(1.0, ml.MulticlassClassification.Evaluate(model.Transform(Blobs.View(ml))).MicroAccuracy);
    }
}
