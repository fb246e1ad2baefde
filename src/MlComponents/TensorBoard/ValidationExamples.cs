using System.Globalization;
using System.Text;

namespace MlComponents;

/// <summary>The first examples of a validation: their pictures once, their labels and predictions after each.</summary>
/// <param name="objective">The task.</param>
/// <param name="count">How many.</param>
internal sealed class ValidationExamples(Objective objective, int count)
{
    private const int LeastSide = 8;   // a shorter vector of H² numbers is rather a row of a table

    private readonly List<(string Label, string Prediction, string Probability)> found = [];
    private readonly List<Tensor> pictures = [];

    /// <summary>Whether the pictures have been written.</summary>
    public bool AreShown { get; set; }

    public void Clear()
    {
        pictures.ForEach(picture => picture.Dispose());
        pictures.Clear();
        found.Clear();
    }

    /// <summary>Takes examples until there are enough.</summary>
    /// <param name="batch">Features [N, ...], labels [N].</param>
    /// <param name="output">[N, C] or [N].</param>
    public void Add(Batch batch, Tensor output)
    {
        using var scope = NewDisposeScope();

        for (var row = 0; row < batch.Count && found.Count < count; row++)
        {
            if (batch.Label.dim() == 1)
                found.Add(Read(batch.Label[row].Number(), output[row].flatten().cpu()));
            else
                found.Add(("", "", ""));
            if (!AreShown && Picture(batch.Features[row]) is { } picture)
                pictures.Add(picture.DetachFromDisposeScope());
        }
    }

    /// <summary>Writes what was found.</summary>
    public void Write(TensorBoardWriter writer, long step)
    {
        for (var i = 0; i < pictures.Count; i++)
            writer.Image($"examples/{i + 1}", pictures[i], step, found[i].Label.Length > 0 ? $"label {found[i].Label}" : "");
        AreShown |= found.Count > 0;
        pictures.ForEach(picture => picture.Dispose());
        pictures.Clear();
        if (found.TrueForAll(example => example.Label.Length == 0))
            return;
        var table = new StringBuilder("| example | label | prediction | probability |\n| --- | --- | --- | --- |\n");
        for (var i = 0; i < found.Count; i++)
            table.Append(CultureInfo.InvariantCulture, $"| {i + 1} | {found[i].Label} | {found[i].Prediction} | {found[i].Probability} |\n");
        writer.Text("examples", table.ToString(), step);
    }

    private (string Label, string Prediction, string Probability) Read(double label, Tensor output)
    {
        switch (objective.Kind)
        {
            case TaskKind.Multiclass:
                var p = output.softmax(0);
                return (Whole(label), Whole(p.argmax().Number()), Share(p.max().Number()));
            case TaskKind.Binary:
                var yes = output.sigmoid().Number();
                return (Whole(label), Whole(yes > 0.5 ? 1 : 0), Share(yes));
            default:
                return (Shown.Number(label), string.Join(" ", output.to(ScalarType.Float32).data<float>().ToArray().Select(value => Shown.Number(value))), "");
        }
    }

    /// <summary>Features as a picture [C, H, W] of numbers from 0 to 1; null where they are none.</summary>
    private static Tensor? Picture(Tensor features)
    {
        if (!features.is_floating_point() && features.dtype != ScalarType.Byte)
            return null;
        var side = (long)Math.Round(Math.Sqrt(features.numel()));
        var x = features.shape switch
        {
            [1 or 3, > 1, > 1] => features,
            [_] when side >= LeastSide && side * side == features.numel() => features.view(1, side, side),
            _ => null,
        };
        if (x is null || x.dtype == ScalarType.Byte)
            return x?.clone();

        x = x.to(ScalarType.Float32).cpu();
        var (least, most) = (x.min().Number(), x.max().Number());
        return least >= 0 && most <= 1 ? x.clone() : (x - least) / Math.Max(most - least, 1e-12);
    }

    private static string Whole(double value) => value.ToString("0", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
