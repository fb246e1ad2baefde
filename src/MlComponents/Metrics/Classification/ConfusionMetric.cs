namespace MlComponents;

/// <summary>
/// A metric that is a ratio of each class in a confusion matrix: of one class, or averaged over all. NaN where nothing counted.
/// </summary>
internal sealed class ConfusionMetric : Metric
{
    private readonly ConfusionMatrix matrix;
    private readonly Func<ClassTally, Ratio> ratio;

    /// <param name="name">Name of the metric.</param>
    /// <param name="outputs">Outputs of the network.</param>
    /// <param name="ignoreIndex">The label that doesn't count, or null.</param>
    /// <param name="ratio">What is measured of a class.</param>
    public ConfusionMetric(string name, long outputs, long? ignoreIndex, Func<ClassTally, Ratio> ratio) : base(name, MetricDirection.Rises)
    {
        matrix = new(Subject, outputs, ignoreIndex);
        this.ratio = ratio;
    }

    /// <summary>How the classes' values become one; without a <see cref="Class"/>.</summary>
    public ClassAverage Average { get; init; } = ClassAverage.Macro;

    /// <summary>The one class that is measured, or null for an average.</summary>
    public long? Class { get; init; }

    /// <summary>The value of the one class where its ratio is 0 of 0.</summary>
    public double Undefined { get; init; } = double.NaN;

    public override void Update(Tensor output, Tensor target, Tensor? weight) => matrix.Update(output, target, weight);

    public override double Compute()
    {
        using var scope = NewDisposeScope();

        var tallies = ClassTally.Read(matrix.Sums());
        var present = Array.FindAll(tallies, tally => tally.Labelled + tally.Predicted > 0);
        if (present.Length == 0)
            return double.NaN;
        if (Class is { } index)
            return ratio(tallies[index]).Or(Undefined);

        return Average switch
        {
            ClassAverage.Macro => present.Average(tally => ratio(tally).Or(0)),
            ClassAverage.Weighted => present.Sum(tally => tally.Labelled * ratio(tally).Or(0)) / present.Sum(tally => tally.Labelled),
            _ => new Ratio(present.Sum(tally => ratio(tally).Part), present.Sum(tally => ratio(tally).Whole)).Or(0),
        };
    }

    protected override void Dispose(bool disposing) => matrix.Dispose();
}
