using MlComponents.MLNet.Interop;
using Microsoft.ML.Runtime;

namespace MlComponents.MLNet;

/// <summary>A fitted network: adds its predictions to rows, computed in batches as they are read.</summary>
/// <remarks>
/// It scores on several threads at once. It owns the network's memory: dispose it, or the chain it is in, when it is no longer needed; ML.NET's
/// PredictionEngine disposes its model unless it is made with <c>PredictionEngineOptions { OwnsTransformer = false }</c>.
/// </remarks>
public sealed partial class TorchTransformer : ISingleFeaturePredictionTransformer<TorchModel>, IDisposable
{
    private readonly VectorDataViewType featureType;
    private readonly IReadOnlyList<OutputColumn> outputs;
    private readonly Scorer scorer;
    private readonly ModelDefinition definition;

    internal TorchTransformer(IHost host, ModelDefinition definition, TorchModel model)
    {
        this.definition = definition;
        Host = host;
        Model = model;
        featureType = new VectorDataViewType(NumberDataViewType.Single, definition.FeatureDimensions.ToArray());
        outputs = model.Task.Columns((int)model.Context.Outputs, model.KeyNames);
        scorer = new Scorer(model, definition.ScoringBatchSize);
    }

    /// <summary>The network, and how it was trained.</summary>
    public TorchModel Model { get; }

    /// <summary>The column with the features.</summary>
    public string FeatureColumnName => definition.FeatureColumn;

    /// <summary>The type that the features had in training, a vector of Single.</summary>
    public DataViewType FeatureColumnType => featureType;

    /// <summary>Always true.</summary>
    public bool IsRowToRowMapper => true;

    internal IHost Host { get; }

    /// <summary>The columns of the output for columns of the input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no features, or of another type than in training.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Columns(inputSchema).Output;

    /// <summary>Adds predictions to rows. Nothing is computed before they are read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no features, or of another type than in training.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ComputedView(input, Columns(input.Schema));
    }

    /// <summary>A mapper of single rows, for PredictionEngine.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no features, or of another type than in training.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new ComputedRowMapper(Columns(inputSchema));

    /// <summary>Frees the network once the last score that uses it is done. Again, it does nothing.</summary>
    public void Dispose() => scorer.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx) => scorer.Hold(() =>
    {
        var described = ModelFile.Describe(definition, Model);
        if (definition.Options is null)
            WarnOfWhatIsLeftOut(Model.Options);
        ModelStreams.Save(ctx, "MLCTORCH", ModelStreams.NetworkLoader,
            (ModelFile.WeightsName, stream => described = ModelFile.WriteWeights(described, Model, stream)),
            (ModelFile.DefinitionName, stream => ModelFile.WriteDefinition(described, stream)));
    });

    private void WarnOfWhatIsLeftOut(TorchTrainerOptions options)
    {
        var leftOut = options.Unregistered(ComponentRegistry.Default);
        if (leftOut.Count == 0)
            return;
        using var channel = Host.Start("Saving");
        channel.Warning(MessageSensitivity.None, "{0}", $"The file doesn't say with which {string.Join(", ", leftOut)} the model was trained, for they, or components inside them, aren't registered; "
            + "scores are not affected. Register them before saving: ComponentRegistry.Default.Add<MyType>(\"my-type\").");
    }

    private ScoredColumns Columns(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ObjectDisposedException.ThrowIf(scorer.IsDisposed, this);
        return new ScoredColumns(input, FeatureColumnName, featureType, scorer, outputs);
    }
}
