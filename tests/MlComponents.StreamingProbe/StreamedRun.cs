using System.Diagnostics;
using Microsoft.ML.Runtime;

namespace MlComponents.StreamingProbe;

/// <summary>Two epochs on a file that doesn't fit into the memory budget, beside what they can't be faster than.</summary>
/// <param name="Rows">Rows of the file.</param>
/// <param name="FileBytes">Its size.</param>
/// <param name="RowBytes">Bytes of all rows as numbers.</param>
/// <param name="CursorSeconds">One pass of a cursor over features and labels, without anything else; the file may be in the system's cache after it.</param>
/// <param name="NetworkSeconds">What an epoch of the same training takes where all rows are in memory: the mean of both. It comes last, because it needs that memory.</param>
/// <param name="FirstPassSeconds">From the call of Fit to the first epoch: rows are checked and written to a temporary file.</param>
/// <param name="EpochSeconds">Each epoch.</param>
/// <param name="Ratio">The longest epoch over the cursor or the network, whichever is slower.</param>
/// <param name="TotalRatio">The first pass and the epochs over as many times the cursor or the network, whichever is slower.</param>
/// <param name="IsEachRowOnce">Whether each epoch had each row once.</param>
/// <param name="Correlations">Rank correlation of the first epoch's order with the file's, and of the second's with the first's.</param>
/// <param name="StartBytes">Resident memory when the libraries were loaded and nothing was read.</param>
/// <param name="PeakBytes">Highest resident memory of the process by the end of the training, as the system says.</param>
internal sealed record StreamedRun(
    int Rows, long FileBytes, long RowBytes, double CursorSeconds, double NetworkSeconds, double FirstPassSeconds, IReadOnlyList<double> EpochSeconds, double Ratio, double TotalRatio, bool IsEachRowOnce,
    IReadOnlyList<double> Correlations, long StartBytes, long PeakBytes)
{
    public static StreamedRun Measure(string path, long memoryBudget, int hidden, int workers, string? temporaryFolder)
    {
        var ml = new MLContext(seed: 1);
        var isStreamed = false;
        ml.Log += (_, e) => isStreamed |= e.Kind == ChannelMessageKind.Warning && e.RawMessage.Contains("they are streamed in random order", StringComparison.Ordinal);
        using var nothing = torch.zeros(1);   // loads libtorch
        var start = Environment.WorkingSet;
        var view = RowsFile.Open(ml, path);
        var (rows, cursorSeconds) = ReadAll(view);

        var order = new RowOrder(rows);
        var options = new TorchTrainerOptions
        {
            Epochs = 2, BatchSize = 512, Seed = 1, Device = "cpu", MemoryBudget = memoryBudget, TemporaryFolder = temporaryFolder, Prefetching = new() { Workers = workers },
        };
        var (firstPassSeconds, epochSeconds) = Train(ml, view, options, hidden, order);
        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64;
        if (!isStreamed)
            throw new InvalidOperationException($"The rows of '{path}' weren't streamed: give a larger file or a smaller budget than {memoryBudget}.");

        var networkSeconds = Train(ml, view, options with { MemoryBudget = long.MaxValue }, hidden, new(rows)).EpochSeconds.Average();

        var floor = Math.Max(cursorSeconds, networkSeconds);
        return new(
            rows, new FileInfo(path).Length, rows * (RowsFile.Width + 1L) * sizeof(float), cursorSeconds, networkSeconds, firstPassSeconds, epochSeconds, epochSeconds.Max() / floor,
            (firstPassSeconds + epochSeconds.Sum()) / (epochSeconds.Count * floor), order.IsEachRowOnce, order.Correlations, start, peak);
    }

    private static (int Rows, double Seconds) ReadAll(IDataView view)
    {
        var watch = Stopwatch.StartNew();
        using var cursor = view.GetRowCursor(view.Schema);
        var (features, label) = (cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]), cursor.GetGetter<float>(view.Schema["Label"]));
        var (row, number, rows) = (default(VBuffer<float>), 0f, 0);
        for (; cursor.MoveNext(); rows++)
        {
            features(ref row);
            label(ref number);
        }
        return (rows, watch.Elapsed.TotalSeconds);
    }

    private static (double FirstPassSeconds, IReadOnlyList<double> EpochSeconds) Train(MLContext ml, IDataView view, TorchTrainerOptions options, int hidden, RowOrder order)
    {
        var watch = Stopwatch.StartNew();
        var (firstPass, epochs) = (0.0, new List<double>());
        void Note(ReadOnlyMemory<float> numbers)
        {
            foreach (var number in numbers.Span)
                order.Add((int)(number * RowsFile.NumberScale + 0.5f));
        }
        options = options with
        {
            Callbacks =
            [
                new LambdaCallback
                {
                    OnTrainStart = _ => firstPass = watch.Elapsed.TotalSeconds,
                    OnEpochStart = _ => watch.Restart(),
                    OnEpochEnd = _ =>
                    {
                        epochs.Add(watch.Elapsed.TotalSeconds);
                        order.EndEpoch();
                    },
                },
            ],
        };
        using var model = ml.Regression.Trainers.Torch(new WatchedNetwork { Hidden = hidden, OnBatch = Note }, options).Fit(view);
        return (firstPass, epochs);
    }
}
