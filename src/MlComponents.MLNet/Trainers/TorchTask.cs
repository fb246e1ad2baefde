namespace MlComponents.MLNet;

/// <summary>What distinguishes a kind of task: which labels it takes, what it minimises, which columns its predictions have.</summary>
internal abstract class TorchTask
{
    private static readonly TorchTask[] All = [MulticlassTask.Instance, BinaryTask.Instance, RegressionTask.Instance];

    /// <summary>Its name in files.</summary>
    public abstract string Name { get; }

    /// <summary>ML.NET's name for the kind of its scores.</summary>
    public abstract string ScoreKind { get; }

    /// <summary>The types of label that it takes, for messages.</summary>
    public abstract string LabelTypes { get; }

    /// <summary>Whether training rows of one label alone are an error.</summary>
    public abstract bool NeedsSeveralLabels { get; }

    /// <summary>Element type of the labels' tensor.</summary>
    public abstract ScalarType LabelScalarType { get; }

    public abstract bool AcceptsLabel(DataViewType type);

    /// <summary>Numbers per row that the network must return.</summary>
    public abstract int OutputsFor(DataViewType label);

    public abstract Objective CreateObjective(int outputs, LossDefinition? loss, IReadOnlyList<MetricDefinition>? metrics);

    /// <summary>Makes scores of the network's raw output, [N, Outputs].</summary>
    public abstract Tensor Scores(Tensor output);

    /// <summary>The columns that a fitted model adds.</summary>
    public abstract IReadOnlyList<OutputColumn> Columns(int outputs, KeyNames? names);

    /// <exception cref="InvalidDataException">No task has that name.</exception>
    public static TorchTask Of(string name) => Array.Find(All, task => task.Name == name)
        ?? throw new InvalidDataException($"The model's task '{name}' isn't known; known are {string.Join(", ", All.Select(task => task.Name))}.");
}
