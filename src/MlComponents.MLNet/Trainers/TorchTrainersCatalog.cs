using MlComponents;
using MlComponents.MLNet;
using MlComponents.MLNet.Interop;

namespace Microsoft.ML;

/// <summary>Torch networks among ML.NET's trainers.</summary>
public static class TorchTrainersCatalog
{
    private const int DefaultEpochs = 10;
    private const int DefaultBatchSize = 32;

    /// <summary>
    /// A network that tells classes apart. The label is a key; the model adds <c>Score</c>, the probability of each class in the order of the keys, and
    /// <c>PredictedLabel</c>, a key with the label's values.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="network">What is trained.</param>
    /// <param name="labelColumnName">Column with the label, a key.</param>
    /// <param name="featureColumnName">Column with the features, a vector of Single of fixed size.</param>
    /// <param name="exampleWeightColumnName">Column with each row's weight, a Single of at least 0; null for none.</param>
    /// <param name="epochs">Passes over the rows, at least 1.</param>
    /// <param name="batchSize">Rows per step, 1 to 1,048,576 and at most as many as there are.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value is out of its range; the message lists all of them.</exception>
    public static TorchTrainer Torch(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, NetworkDefinition network, string labelColumnName = "Label",
        string featureColumnName = "Features", string? exampleWeightColumnName = null, int epochs = DefaultEpochs, int batchSize = DefaultBatchSize) =>
        catalog.Torch(network, Options(labelColumnName, featureColumnName, exampleWeightColumnName, epochs, batchSize));

    /// <summary>A network that tells classes apart, with all options.</summary>
    /// <inheritdoc cref="Torch(MulticlassClassificationCatalog.MulticlassClassificationTrainers, NetworkDefinition, string, string, string, int, int)"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="network">What is trained.</param>
    /// <param name="options">How.</param>
    public static TorchTrainer Torch(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, NetworkDefinition network, TorchTrainerOptions options) =>
        new(Catalogs.Environment(catalog), MulticlassTask.Instance, network, options);

    /// <summary>A network that tells classes apart, from a function; the model can't be saved.</summary>
    /// <inheritdoc cref="Torch(MulticlassClassificationCatalog.MulticlassClassificationTrainers, NetworkDefinition, TorchTrainerOptions)"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="network">Builds a new module from features [N, ...] to raw scores [N, Outputs] at every call.</param>
    /// <param name="options">How.</param>
    public static TorchTrainer Torch(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Func<NetworkContext, nn.Module> network, TorchTrainerOptions options) =>
        catalog.Torch(NetworkDefinition.From(network), options);

    /// <summary>
    /// A network that answers yes or no. The label is a Boolean or a key of 2, whose second value is yes; the model adds <c>Score</c>, the logit,
    /// <c>Probability</c>, its sigmoid, and <c>PredictedLabel</c>, a Boolean.
    /// </summary>
    /// <inheritdoc cref="Torch(MulticlassClassificationCatalog.MulticlassClassificationTrainers, NetworkDefinition, string, string, string, int, int)"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="network">What is trained.</param>
    /// <param name="labelColumnName">Column with the label, a Boolean or a key of 2.</param>
    /// <param name="featureColumnName">Column with the features, a vector of Single of fixed size.</param>
    /// <param name="exampleWeightColumnName">Column with each row's weight, a Single of at least 0; null for none.</param>
    /// <param name="epochs">Passes over the rows, at least 1.</param>
    /// <param name="batchSize">Rows per step, 1 to 1,048,576 and at most as many as there are.</param>
    public static TorchTrainer Torch(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, NetworkDefinition network, string labelColumnName = "Label",
        string featureColumnName = "Features", string? exampleWeightColumnName = null, int epochs = DefaultEpochs, int batchSize = DefaultBatchSize) =>
        catalog.Torch(network, Options(labelColumnName, featureColumnName, exampleWeightColumnName, epochs, batchSize));

    /// <summary>A network that answers yes or no, with all options.</summary>
    /// <inheritdoc cref="Torch(MulticlassClassificationCatalog.MulticlassClassificationTrainers, NetworkDefinition, TorchTrainerOptions)"/>
    public static TorchTrainer Torch(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, NetworkDefinition network, TorchTrainerOptions options) =>
        new(Catalogs.Environment(catalog), BinaryTask.Instance, network, options);

    /// <summary>A network that answers yes or no, from a function; the model can't be saved.</summary>
    /// <inheritdoc cref="Torch(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Func{NetworkContext, nn.Module}, TorchTrainerOptions)"/>
    public static TorchTrainer Torch(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, Func<NetworkContext, nn.Module> network, TorchTrainerOptions options) =>
        catalog.Torch(NetworkDefinition.From(network), options);

    /// <summary>A network that predicts a number. The label is a Single; the model adds <c>Score</c>, the prediction.</summary>
    /// <inheritdoc cref="Torch(MulticlassClassificationCatalog.MulticlassClassificationTrainers, NetworkDefinition, string, string, string, int, int)"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="network">What is trained.</param>
    /// <param name="labelColumnName">Column with the label, a Single.</param>
    /// <param name="featureColumnName">Column with the features, a vector of Single of fixed size.</param>
    /// <param name="exampleWeightColumnName">Column with each row's weight, a Single of at least 0; null for none.</param>
    /// <param name="epochs">Passes over the rows, at least 1.</param>
    /// <param name="batchSize">Rows per step, 1 to 1,048,576 and at most as many as there are.</param>
    public static TorchTrainer Torch(
        this RegressionCatalog.RegressionTrainers catalog, NetworkDefinition network, string labelColumnName = "Label",
        string featureColumnName = "Features", string? exampleWeightColumnName = null, int epochs = DefaultEpochs, int batchSize = DefaultBatchSize) =>
        catalog.Torch(network, Options(labelColumnName, featureColumnName, exampleWeightColumnName, epochs, batchSize));

    /// <summary>A network that predicts a number, with all options.</summary>
    /// <inheritdoc cref="Torch(MulticlassClassificationCatalog.MulticlassClassificationTrainers, NetworkDefinition, TorchTrainerOptions)"/>
    public static TorchTrainer Torch(
        this RegressionCatalog.RegressionTrainers catalog, NetworkDefinition network, TorchTrainerOptions options) =>
        new(Catalogs.Environment(catalog), RegressionTask.Instance, network, options);

    /// <summary>A network that predicts a number, from a function; the model can't be saved.</summary>
    /// <inheritdoc cref="Torch(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Func{NetworkContext, nn.Module}, TorchTrainerOptions)"/>
    public static TorchTrainer Torch(
        this RegressionCatalog.RegressionTrainers catalog, Func<NetworkContext, nn.Module> network, TorchTrainerOptions options) =>
        catalog.Torch(NetworkDefinition.From(network), options);

    private static TorchTrainerOptions Options(string label, string features, string? weight, int epochs, int batchSize) => new()
    {
        LabelColumnName = label,
        FeatureColumnName = features,
        ExampleWeightColumnName = weight,
        Epochs = epochs,
        BatchSize = batchSize,
    };
}
