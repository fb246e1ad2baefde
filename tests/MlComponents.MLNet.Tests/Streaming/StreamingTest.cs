using System.Globalization;
using Microsoft.ML.Runtime;

namespace MlComponents.MLNet.Tests.Streaming;

/// <summary>Views that don't fit into the memory budget, and what is left of them.</summary>
public abstract class StreamingTest
{
    protected const int Count = StreamedRun.Count;

    private readonly List<IDisposable> owned = [];

    protected StreamingTest() => Ml.Log += (_, e) =>
    {
        if (e.Kind == ChannelMessageKind.Warning)
            Warnings.Add(e.RawMessage);
    };

    protected static TorchTrainerOptions Options => StreamedRun.Options;

    protected MLContext Ml { get; } = new(seed: 1);

    protected List<string> Warnings { get; } = [];

    /// <summary>The folder of the temporary files, where a test's own files are in folders.</summary>
    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("mlnet-streaming-");

    /// <summary>A folder that isn't there, so that no file can be written to it.</summary>
    protected string NoFolder => Path.Combine(Folder.FullName, "missing");

    /// <summary>Numbers of all rows.</summary>
    protected static int[] All => [.. Enumerable.Range(0, Count)];

    /// <summary>Temporary files that this process has open, whether they have a name or not. On Linux.</summary>
    protected IReadOnlyList<string> OpenFiles =>
        [.. new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Select(each => each.LinkTarget).OfType<string>().Where(target => target.StartsWith(Folder.FullName + "/mlcomponents-rows-", StringComparison.Ordinal))];

    [TestCleanup]
    public void DeleteFolder()
    {
        owned.ForEach(each => each.Dispose());
        Folder.Delete(recursive: true);
    }

    /// <summary>Rows in memory or in a file.</summary>
    /// <param name="kind">list, cache, csv, idv, or shuffled.</param>
    protected IDataView View(string kind = "list") => kind switch
    {
        "list" => Ml.Data.LoadFromEnumerable(NumberedRow.Create(Count).ToList()),
        "cache" => Ml.Data.Cache(View()),
        "shuffled" => Ml.Data.ShuffleRows(View()),
        "csv" => Csv(),
        _ => Idv(),
    };

    private IDataView Csv()
    {
        var path = NewFile("rows.csv");
        File.WriteAllLines(path, NumberedRow.Create(Count).Select(row => string.Join(',', row.Features.Prepend(row.Number).Select(value => value.ToString(CultureInfo.InvariantCulture)))));
        return Ml.Data.LoadFromTextFile(path, [new("Number", DataKind.Single, 0), new("Features", DataKind.Single, 1, NumberedRow.Width)], separatorChar: ',');
    }

    private IDataView Idv()
    {
        var path = NewFile("rows.idv");
        using (var stream = File.Create(path))
            Ml.Data.SaveAsBinary(View(), stream);
        var view = Ml.Data.LoadFromBinary(path);
        owned.Add((IDisposable)view);   // it keeps the file open
        return view;
    }

    /// <summary>The path of a file in a folder of its own.</summary>
    protected string NewFile(string name) => Path.Combine(Folder.CreateSubdirectory("own").FullName, name);

    protected TorchTrainer Trainer(TorchTrainerOptions options, params CallbackDefinition[] callbacks) =>
        Ml.Regression.Trainers.Torch(Blobs.Network, options with { Callbacks = callbacks, TemporaryFolder = options.TemporaryFolder ?? Folder.FullName });

    /// <summary>Numbers of the rows in two epochs, as a run gets them, and of those to validate on.</summary>
    protected (int[][] Epochs, int[] Validation) Read(TorchTrainerOptions options, IDataView view)
    {
        options = options with { TemporaryFolder = options.TemporaryFolder ?? Folder.FullName };
        using var channel = ((IHostEnvironment)Ml).Start("Test");
        using var data = TrainingData.Read(view, RegressionTask.Instance, options, seed: 3, channel);
        var stream = (StreamingDataset)data.Training;
        using var loader = new DataLoader(options.Shuffle ? new ShuffledStream(stream, poolRows: 7710, seed: 3) : stream, options.BatchSize, dropLast: false, CPU);
        using var validation = data.Validation switch
        {
            MapDataset map => new DataLoader(map, new SequentialSampler(map.Count), 100, CPU),
            StreamingDataset held => new DataLoader(held, 100, dropLast: false, CPU),
            _ => null,
        };
        return ([Numbers(loader, 1), Numbers(loader, 2)], validation is null ? [] : Numbers(validation, 1));
    }

    private static int[] Numbers(DataLoader loader, int epoch) => [.. loader.Epoch(epoch).SelectMany(NumbersOf)];

    /// <summary>Numbers of the rows of a batch.</summary>
    protected static IEnumerable<int> NumbersOf(Batch batch) => batch.Label.data<float>().ToArray().Select(number => (int)number);

    /// <summary>All weights and buffers, bit by bit.</summary>
    protected static byte[] Bits(TorchTransformer model) => [.. model.Model.Network.state_dict().Values.SelectMany(tensor => tensor.bytes.ToArray())];

    /// <summary>Asserts that something leaves no tensor for the garbage collector, and no file with a name or without.</summary>
    /// <param name="networks">How many times it builds <see cref="Blobs.Network"/>: TorchSharp counts a tensor that becomes a parameter twice, and frees it once.</param>
    /// <param name="action">What it is.</param>
    protected void LeavesNothing(int networks, Action action)
    {
        const int parametersPerNetwork = 4;
        var before = TensorAssert.LiveCount();

        action();

        Assert.AreEqual(before + networks * parametersPerNetwork, Tensor.TotalCount, "tensors are left");
        Assert.IsEmpty(Folder.GetFiles());
        if (OperatingSystem.IsLinux())
            Assert.IsEmpty(OpenFiles);
    }

    /// <summary>Spearman's rank correlation of the places that rows have in two orders.</summary>
    protected static double Spearman(int[] first, int[] second)
    {
        var places = new double[first.Length];
        for (var place = 0; place < second.Length; place++)
            places[second[place]] = place;
        var n = (double)first.Length;
        return 1 - 6 * first.Select((row, place) => (places[row] - place) * (places[row] - place)).Sum() / (n * (n * n - 1));
    }
}
