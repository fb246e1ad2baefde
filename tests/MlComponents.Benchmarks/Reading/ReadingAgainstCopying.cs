using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlComponents.MLNet;

namespace MlComponents.Benchmarks.Reading;

/// <summary>What it costs to bring rows into checked tensors before training, over a cursor that copies each row into an array of its own.</summary>
internal sealed class ReadingAgainstCopying : Benchmark
{
    private const int Count = 20_000;

    private readonly MLContext ml = new(1);
    private readonly Lazy<DigitView> view;

    private ReadingAgainstCopying(string source, double aim, Func<MLContext, int, DigitView> create)
    {
        (Name, Aim) = ($"Reading training rows from {source} against copying to arrays", aim);
        view = new(() => create(ml, Count));
    }

    public override string Name { get; }

    public override string Unit => "row";

    public override double Aim { get; }

    public static ReadingAgainstCopying OfMemory() => new("memory", 1.3, DigitView.InMemory);

    public static ReadingAgainstCopying OfCsv() => new("CSV", 1.1, DigitView.InCsv);

    public static ReadingAgainstCopying OfBinary() => new(".idv", 1.1, DigitView.InBinary);

    public override Measurement RunOurs()
    {
        var rows = view.Value.Rows;
        using var channel = ((IHostEnvironment)ml).Start("Benchmark");
        return Measurement.Of(Count, () =>
        {
            var options = new TorchTrainerOptions();
            var columns = TrainingColumns.Of(rows.Schema, MulticlassTask.Instance, options);
            TrainingRows.Read(new(rows, columns, options, "training", channel), long.MaxValue)!.Dispose();
        });
    }

    public override Measurement RunOther()
    {
        var rows = view.Value.Rows;
        return Measurement.Of(Count, () =>
        {
            var (features, labels) = (new List<float[]>(), new List<uint>());
            using var cursor = rows.GetRowCursor([rows.Schema["Features"], rows.Schema["Label"]]);
            var readFeatures = cursor.GetGetter<VBuffer<float>>(rows.Schema["Features"]);
            var readLabel = cursor.GetGetter<uint>(rows.Schema["Label"]);
            var (row, label) = (default(VBuffer<float>), 0u);
            while (cursor.MoveNext())
            {
                readFeatures(ref row);
                var values = new float[GeneratedDigits.Pixels];
                row.CopyTo(values);
                features.Add(values);
                readLabel(ref label);
                labels.Add(label);
            }
        });
    }

    public override void Dispose()
    {
        if (view.IsValueCreated)
            view.Value.Dispose();
    }
}
