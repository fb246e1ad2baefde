using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlComponents.MLNet;

namespace MlComponents.Benchmarks.Scoring;

/// <summary>A fitted network, and rows in memory that it scores in several ways.</summary>
internal sealed class FittedDigits : IDisposable
{
    private const int BatchSize = 256;

    private readonly int count;
    private readonly IDataView view;
    private readonly Tensor features;
    private readonly TorchTransformer transformer;
    private readonly nn.Module<Tensor, Tensor> network;
    private readonly long[] shape;
    private readonly float[] scores;

    public FittedDigits(NetworkDefinition network, int rows)
    {
        count = rows;
        scores = new float[rows * GeneratedDigits.Classes];
        var digits = DigitRow.Draw(rows, white: 1);
        features = tensor([.. digits.SelectMany(digit => digit.Features)], rows, GeneratedDigits.Pixels);

        var ml = new MLContext(1);
        view = ml.Data.LoadFromEnumerable(digits);
        var options = new TorchTrainerOptions { Epochs = 1, Device = "cpu", ScoringBatchSize = BatchSize };
        transformer = ml.MulticlassClassification.Trainers.Torch(network, options).Fit(ml.Data.TakeRows(view, BatchSize));
        this.network = (nn.Module<Tensor, Tensor>)transformer.Model.Network;
        shape = transformer.Model.Context.InputShape;
    }

    /// <summary>Reads the column <c>Score</c> of the transformed rows.</summary>
    public Measurement ScoreByTransform() => Measurement.Of(count, () =>
    {
        var scored = transformer.Transform(view);
        var column = scored.Schema["Score"];
        using var cursor = scored.GetRowCursor([column]);
        var read = cursor.GetGetter<VBuffer<float>>(column);
        var row = default(VBuffer<float>);
        for (var i = 0; cursor.MoveNext(); i++)
        {
            read(ref row);
            row.CopyTo(Scores(i, 1));
        }
    });

    /// <summary>Passes batches of a tensor that has all features already, without ML.NET.</summary>
    public Measurement ScoreBatches() => Measurement.Of(count, () =>
    {
        using var guard = inference_mode();
        for (var start = 0; start < count; start += BatchSize)
        {
            var size = Math.Min(BatchSize, count - start);
            using var scope = NewDisposeScope();
            Forward(features.narrow(0, start, size), Scores(start, size));
        }
    });

    /// <summary>Passes one row of the data view after another, as ML.NET's own transformers with deep networks do.</summary>
    public Measurement ScoreRowByRow() => Measurement.Of(count, () =>
    {
        using var guard = inference_mode();
        var column = view.Schema["Features"];
        using var cursor = view.GetRowCursor([column]);
        var read = cursor.GetGetter<VBuffer<float>>(column);
        var row = default(VBuffer<float>);
        var values = new float[GeneratedDigits.Pixels];
        for (var i = 0; cursor.MoveNext(); i++)
        {
            using var scope = NewDisposeScope();
            read(ref row);
            row.CopyTo(values);
            Forward(tensor(values, 1, GeneratedDigits.Pixels), Scores(i, 1));
        }
    });

    public void Dispose()
    {
        transformer.Dispose();
        features.Dispose();
    }

    private void Forward(Tensor x, Span<float> result) =>
        MemoryMarshal.Cast<byte, float>(nn.functional.softmax(network.call(x.view([-1, .. shape])), dim: 1).bytes).CopyTo(result);

    private Span<float> Scores(int row, int rows) => scores.AsSpan(row * GeneratedDigits.Classes, rows * GeneratedDigits.Classes);
}
