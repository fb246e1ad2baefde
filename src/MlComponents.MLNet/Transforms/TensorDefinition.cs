using System.Text.Json;

namespace MlComponents.MLNet;

/// <summary>What <c>definition.json</c> of a saved operation says, besides its own hash.</summary>
internal sealed record TensorDefinition
{
    /// <summary>The newest format that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required string OutputColumn { get; init; }

    public required IReadOnlyList<string> InputColumns { get; init; }

    /// <summary>The operation as <see cref="ComponentJson"/> writes it.</summary>
    public required JsonElement Operation { get; init; }

    /// <exception cref="InvalidDataException">It is damaged, or of a newer format.</exception>
    /// <exception cref="ComponentException">The operation's name isn't registered.</exception>
    public static TensorTransformer Read(Stream stream)
    {
        var definition = SealedJson.Read<TensorDefinition>(stream, ModelFile.DefinitionSubject, CurrentFormat);
        if (string.IsNullOrEmpty(definition.OutputColumn) || definition.InputColumns is not { Count: > 0 } inputs || inputs.Any(string.IsNullOrEmpty))
            throw new InvalidDataException("The model's operation has no names of columns: the file is damaged or has been changed.");
        return new(ComponentJson.Read<OperationDefinition>(definition.Operation.GetRawText()), definition.OutputColumn, inputs);
    }
}
