namespace MlComponents;

/// <summary>Describes an average of the weights over the steps of a run, and builds it.</summary>
public abstract record WeightAverageDefinition : ComponentDefinition
{
    /// <summary>Builds the average, still without weights.</summary>
    /// <param name="network">The network whose weights are averaged.</param>
    public abstract WeightAverage Create(nn.Module network);
}
