using System.Text.Json;
using MlComponents.MLNet.Interop;

namespace MlComponents.MLNet;

/// <summary>Applies an operation to columns of rows. Made by the methods of <see cref="TorchCatalog"/>.</summary>
public sealed partial class TensorTransformer : ColumnTransformer
{
    internal TensorTransformer(OperationDefinition operation, string outputColumnName, IReadOnlyList<string> inputColumnNames)
        : base(operation, outputColumnName, inputColumnNames) => Operation = operation;

    /// <summary>What is applied.</summary>
    public OperationDefinition Operation { get; }

    private protected override void Save(ModelSaveContext context)
    {
        var definition = new TensorDefinition
        {
            Format = TensorDefinition.CurrentFormat,
            OutputColumn = OutputColumnName,
            InputColumns = InputColumnNames,
            Operation = JsonElement.Parse(ComponentJson.Write(Operation)),
        };
        ModelStreams.Save(context, "MLCTENSR", ModelStreams.OperationLoader, (ModelFile.DefinitionName, stream => stream.Write(SealedJson.Write(definition))));
    }
}
