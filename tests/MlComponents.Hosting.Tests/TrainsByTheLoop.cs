using Microsoft.ML;

namespace MlComponents.Hosting.Tests;

/// <summary>An estimator that trains a network with the core's loop, and gives ML.NET a linear model of the same rows.</summary>
internal sealed class TrainsByTheLoop(MLContext ml, TrainerOptions options) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input)
    {
        Blobs.Train(options);
        return Blobs.Pipeline(ml).Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Blobs.Pipeline(ml).GetOutputSchema(inputSchema);
}
